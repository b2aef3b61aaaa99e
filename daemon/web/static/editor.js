// The edit page: the body as it looks (Jodit, served by us), its pictures, and what is written kept while it is written.
// Without this script the fields work as they are; what is sent is cleaned by the server in any case.

const KEEP_AFTER = 2_000;
const LOCK_EVERY = 120_000;

// What is pasted becomes the clean vocabulary before the editor sees it. It is read in a document without scripts and
// network: nothing of a stranger's page is run or fetched.

const words = (text) => new Set(text.split(" "));
const KEPT = words("H2 H3 H4 P BR STRONG EM U SUB SUP OL UL LI BLOCKQUOTE TABLE THEAD TBODY TR TH TD IMG A");
const BLOCKS = words("P DIV SECTION ARTICLE H1 H2 H3 H4 H5 H6 OL UL LI DL DT DD BLOCKQUOTE TABLE PRE FIGURE");
const DROPPED = words("SCRIPT STYLE HEAD TITLE META LINK BASE TEMPLATE NOSCRIPT IFRAME OBJECT EMBED svg math VIDEO AUDIO CANVAS INPUT BUTTON SELECT TEXTAREA XML");
const RENAMED = { B: "STRONG", I: "EM", INS: "U", H1: "H2", H5: "H4", H6: "H4", TFOOT: "TBODY" };
const STYLED = [
  [/font-weight\s*:\s*(bold|[6-9]00)/i, "STRONG"], [/font-style\s*:\s*italic/i, "EM"],
  [/text-decoration[^;]*:[^;]*underline/i, "U"], [/vertical-align\s*:\s*super/i, "SUP"], [/vertical-align\s*:\s*sub\b/i, "SUB"],
];
const DEEPEST = 200;

function cleaned(html, isOwn) {
  const source = new DOMParser().parseFromString(html, "text/html");
  const target = document.implementation.createHTMLDocument("").body;
  copyInside(source.body, target, isOwn, 0);
  return target.innerHTML;
}

function copyInside(from, to, isOwn, depth) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.tagName) || depth > DEEPEST) continue;
    const copy = copyOf(node, to.ownerDocument, isOwn);
    if (copy) to.append(copy);
    if (copy?.tagName !== "IMG") copyInside(node, copy ?? to, isOwn, depth + 1);
  }
}

// Null where only what is inside is wanted.
function copyOf(node, document, isOwn) {
  const name = nameFor(node);
  if (!name || (name === "IMG" && !isOwn(node.getAttribute("src")))) return null;
  const copy = document.createElement(name);
  for (const attribute of { IMG: ["src", "alt"], TD: ["colspan", "rowspan"], TH: ["colspan", "rowspan"] }[name] ?? []) {
    if (node.hasAttribute(attribute)) copy.setAttribute(attribute, node.getAttribute(attribute));
  }
  if (name === "A" && /^(https?:|mailto:)/i.test(node.getAttribute("href") ?? "")) copy.setAttribute("href", node.getAttribute("href"));
  return copy;
}

function nameFor(node) {
  const name = RENAMED[node.tagName] ?? node.tagName;
  if (KEPT.has(name)) return name;
  if (name === "SPAN") return STYLED.find(([pattern]) => pattern.test(node.getAttribute("style") ?? ""))?.[1];
  return BLOCKS.has(name) && ![...node.children].some((child) => BLOCKS.has(child.tagName)) ? "P" : null;
}

// The editor, with no more than the clean vocabulary has words for.

const BUTTONS = "undo redo | paragraph | bold italic underline superscript subscript | ul ol | table link | eraser".split(" ");
const PARAGRAPHS = { p: "正文", h2: "一级标题", h3: "二级标题", h4: "三级标题", blockquote: "引用" };
const WITHOUT = `about add-new-line ai-assistant class-span clean-html color copy-format drag-and-drop drag-and-drop-element file font iframe
image image-processor image-properties inline-popup justify line-height media mobile paste-from-word paste-storage placeholder powered-by-jodit
preview print resize-handler resizer search size source speech-recognize spellcheck stat sticky symbols video xpath`.split(/\s+/);

function open(field, isOwn) {
  // Its style attribute is against the page's policy, and it serves only editors inside a label.
  Jodit.modules.ToolbarEditorCollection.prototype.prependInvisibleInput = () => {};
  const editor = Jodit.make(field, {
    language: "zh_cn", enter: "p", minHeight: 360, toolbarAdaptive: false, toolbarButtonSize: "middle", buttons: BUTTONS, disablePlugins: WITHOUT,
    link: { noFollowCheckbox: false, openInNewTabCheckbox: false }, beautifyHTML: false, askBeforePasteHTML: false, askBeforePasteFromWord: false, editorClassName: "post",
    controls: { paragraph: { list: Jodit.atom(PARAGRAPHS), childTemplate: (_, kind, name) => `<span class="as-${kind}">${name}</span>` }, ul: { list: null }, ol: { list: null } },
  });
  const box = editor.editor;
  for (const [name, value] of [["role", "textbox"], ["aria-multiline", "true"], ["aria-labelledby", "body-label"], ["tabindex", "0"]]) box.setAttribute(name, value);
  document.getElementById("body-label").removeAttribute("for");
  document.getElementById("body-label").addEventListener("click", () => box.focus());
  for (const kind of ["paste", "drop"]) box.addEventListener(kind, (event) => take(event, editor, isOwn), { capture: true });
  return editor;
}

function take(event, editor, isOwn) {
  const data = event.clipboardData ?? event.dataTransfer;
  const html = data.getData("text/html");
  const text = data.getData("text/plain");
  event.preventDefault();
  event.stopImmediatePropagation();
  if (html || text) editor.s.insertHTML(html ? cleaned(html, isOwn) : lines(text));
}

function lines(text) {
  const holder = document.createElement("div");
  for (const line of text.split(/\r?\n/)) holder.appendChild(document.createElement("p")).textContent = line;
  return holder.childElementCount === 1 ? holder.firstChild.innerHTML : holder.innerHTML;
}

// Pictures: the words beneath each, their order, in the text or out of it.

function pictures(list, editor, changed) {
  const shown = (row) => [...editor.editor.querySelectorAll("img")].filter((image) => image.getAttribute("src") === row.dataset.picture);
  const mark = () => list.querySelectorAll("[data-picture]").forEach((row) => row.classList.toggle("absent", !shown(row).length));
  const acts = {
    insert: (row) => { editor.s.focus(); editor.s.insertHTML(`<p>${imageOf(row)}</p>`); },
    up: (row) => shown(row).forEach((image) => move(image, -1)),
    down: (row) => shown(row).forEach((image) => move(image, 1)),
    remove: (row) => shown(row).forEach((image) => (alone(image) ?? image).remove()),
  };
  list.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]");
    if (!act) return;
    acts[act.dataset.act](act.closest("[data-picture]"));
    editor.synchronizeValues();
    changed();
    mark();
  });
  list.addEventListener("input", (event) => {
    for (const image of shown(event.target.closest("[data-picture]"))) image.alt = event.target.value;
    editor.synchronizeValues();
  });
  editor.events.on("change", mark);
  mark();
}

function imageOf(row) {
  const image = document.createElement("img");
  image.setAttribute("src", row.dataset.picture);
  image.alt = row.querySelector("input").value;
  return image.outerHTML;
}

// The paragraph of a picture, where nothing else stands in it.
const alone = (image) => (image.parentElement.tagName === "P" && !image.parentElement.textContent.trim() && image.parentElement.children.length === 1 ? image.parentElement : null);

function move(image, by) {
  const block = alone(image) ?? image;
  const other = by < 0 ? block.previousElementSibling : block.nextElementSibling;
  if (by < 0) other?.before(block);
  else other?.after(block);
}

// What is written is kept aside on the server, in case that the page is left without saving.

function keep(form, status) {
  let unsaved = false, waiting = null, wrote = false, leaving = false;
  const send = async () => {
    clearTimeout(waiting);
    waiting = null;
    if (!unsaved || leaving) return;
    const answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!leaving) status.textContent = answer?.ok ? await answer.text() : "暂存失败，请及时保存。";
  };
  const changed = () => {
    unsaved = wrote = true;
    waiting ??= setTimeout(send, KEEP_AFTER);
  };
  form.addEventListener("input", changed);
  form.addEventListener("submit", () => { unsaved = false; leaving = true; clearTimeout(waiting); });
  document.addEventListener("visibilitychange", () => document.hidden && waiting && send());
  addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
  setInterval(() => {
    if (wrote) fetch(form.dataset.lock, { method: "POST", body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }) });
    wrote = false;
  }, LOCK_EVERY);
  return changed;
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  const changed = keep(form, document.getElementById("kept"));
  const field = form.querySelector("textarea[data-rich]");
  if (!window.Jodit) continue;
  const before = field.value;
  const list = document.getElementById("pictures");
  const own = new Set([...(list?.querySelectorAll("[data-picture]") ?? [])].map((row) => row.dataset.picture));
  const editor = open(field, (source) => own.has(source));
  const opened = editor.editor.innerHTML;
  editor.events.on("change", changed);
  editor.editor.addEventListener("input", changed);
  // What is sent is what is seen in this moment. Opening alone changes nothing: it goes back as it came.
  form.addEventListener("formdata", ({ formData }) => formData.set(field.name, editor.editor.innerHTML === opened ? before : editor.getEditorValue()));
  if (list) pictures(list, editor, changed);
}
