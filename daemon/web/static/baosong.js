// Adds to pages that work without it: lists that follow what happens, and keys.

const EVERY = 5000;
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

// Live pages ask what has changed since a journal number; a page in the background asks nothing.

async function changesSince(since, tag) {
  const headers = tag ? { "If-None-Match": tag } : {};
  const answer = await fetch(`/changes?since=${since}`, { headers, cache: "no-store" });
  if (answer.status === 401) location.reload();
  return answer.ok ? { ...(await answer.json()), tag: answer.headers.get("ETag") } : null;
}

function follow(body) {
  let tag = null;
  const ask = async () => {
    if (document.hidden) return;
    const found = await changesSince(body.dataset.live, tag).catch(() => null);
    if (!found) return;
    const first = tag === null;
    tag = found.tag;
    if (body.dataset.draft) showIfChanged(body, found);
    else if (!first || found.last > Number(body.dataset.live)) await renew();
  };
  setInterval(ask, EVERY);
  ask();
}

function showIfChanged(body, found) {
  if (found.drafts.includes(Number(body.dataset.draft))) document.getElementById("changed").hidden = false;
}

async function renew() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const chosen = [...document.querySelectorAll("#live input:checked")].map((box) => box.value);
  const kept = document.activeElement?.closest("[data-id]")?.dataset.id;
  for (const id of ["live", "tabs"]) {
    const [old, next] = [document.getElementById(id), fresh.getElementById(id)];
    if (old && next && old.innerHTML !== next.innerHTML) old.replaceChildren(...next.childNodes);
  }
  for (const box of document.querySelectorAll("#live input[type=checkbox]")) box.checked = chosen.includes(box.value);
  if (kept && !document.activeElement?.closest("[data-id]")) linkOf(document.querySelector(`[data-id="${CSS.escape(kept)}"]`))?.focus();
}

// Times say "还剩 5 小时": they move even when nothing happens.
if (document.getElementById("live")) setInterval(() => document.hidden || renew().catch(() => null), 60 * EVERY);

// Keys: j and k move through a list; everything else names its key in aria-keyshortcuts.

const linkOf = (row) => row?.querySelector("a.cover, a");

function step(direction) {
  const rows = [...document.querySelectorAll("#live [data-id]")];
  const at = rows.indexOf(document.activeElement?.closest("[data-id]"));
  linkOf(rows[Math.min(Math.max(at + direction, 0), rows.length - 1)])?.focus();
  return rows.length > 0;
}

function press(key) {
  const target = document.querySelector(`[aria-keyshortcuts="${CSS.escape(key)}"]`);
  if (!target) return false;
  target.click();
  if (target.matches("input")) target.select();
  if (target.matches("summary")) target.parentElement.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  return true;
}

function inRow(key) {
  const button = document.activeElement?.closest("[data-id]")?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  button?.click();
  return Boolean(button);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "s" && (event.ctrlKey || event.metaKey) && press("Control+s")) return event.preventDefault();
  if (event.key === "Escape") return closePanels();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || event.target.closest("dialog")) return;
  const moved = { j: 1, k: -1 }[event.key];
  if ((moved && step(moved)) || inRow(event.key) || press(event.key)) event.preventDefault();
});

function closePanels() {
  for (const panel of document.querySelectorAll("details[name=panel][open]")) {
    panel.open = false;
    panel.querySelector("summary").focus();
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("details[name=panel]")) for (const panel of document.querySelectorAll("details[name=panel][open]")) panel.open = false;
});

// On a narrow screen the lists scroll sideways: the present one is in sight.

document.querySelector("#tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

// Filters apply when chosen; without this script they have a button.

document.documentElement.classList.add("script");
document.addEventListener("change", (event) => event.target.matches("[data-submit]") && event.target.form.requestSubmit());

document.addEventListener("change", (event) => {
  const { all } = event.target.dataset;
  if (all) for (const box of document.getElementsByName(all)) box.checked = event.target.checked;
});

// The keys, told by one of them.

for (const button of document.querySelectorAll("[data-dialog]")) {
  button.addEventListener("click", () => document.getElementById(button.dataset.dialog).showModal());
}

// What is copied keeps its format. The older way, since the newer one asks for HTTPS, which few offices have inside.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => {
    const target = document.getElementById(button.dataset.copy);
    if (target.select) target.select();
    else getSelection().selectAllChildren(target);
    const done = target.closest(".copy-body") ? document.execCommand("copy") : copyPlain(target.value ?? target.textContent);
    document.getElementById("copied").textContent = done ? "已复制。" : "浏览器不允许复制，请按 Ctrl+C。";
  });
}

function copyPlain(text) {
  const take = (event) => { event.clipboardData.setData("text/plain", text); event.preventDefault(); };
  document.addEventListener("copy", take, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", take);
  return done;
}

// Where an element was found is shown in the frame of the original, which is brought into sight.

document.addEventListener("click", (event) => {
  if (event.target.closest("a[target=original]")) document.querySelector("iframe[name=original]")?.scrollIntoView({ block: "center" });
});

// A form is sent once, however often its button is pressed.

document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

if (document.body.dataset.live) follow(document.body);
