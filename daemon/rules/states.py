"""The states of a draft and who may move it: CONTRACT.md, section 4, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from parsers.submission import Draft, Finding, Submission

State = Literal[
    "quarantined", "pending", "in_review", "approved", "exported", "published", "returned", "rejected", "withdrawn",
    "archived",
]  # fmt: skip
Action = Literal[
    "release", "take", "sign", "return", "resend", "reject", "withdraw", "reopen", "export", "confirm", "correct",
]  # fmt: skip
Role = Literal["editor", "chief", "admin"]

STATES: tuple[State, ...] = get_args(State)
ACTIONS: tuple[Action, ...] = get_args(Action)
ROLES: tuple[Role, ...] = get_args(Role)
"""From the least to the most: each may do what those before it may."""

STATE_NAMES: dict[State, str] = {
    "quarantined": "来源待确认",
    "pending": "待审",
    "in_review": "审核中",
    "approved": "已通过",
    "exported": "已导出",
    "published": "已发布",
    "returned": "已退回",
    "rejected": "不采用",
    "withdrawn": "已撤回",
    "archived": "历史存档",
}
ACTION_NAMES: dict[Action, str] = {
    "release": "核验通过",
    "take": "开始审核",
    "sign": "审核通过",
    "return": "退稿",
    "resend": "重新报送",
    "reject": "不采用",
    "withdraw": "撤回",
    "reopen": "重新启用",
    "export": "导出",
    "confirm": "确认已发布",
    "correct": "更正",
}
ROLE_NAMES: dict[Role, str] = {"editor": "编辑", "chief": "主编", "admin": "管理员"}

TRANSITIONS: dict[tuple[State, Action], tuple[State, Role]] = {
    ("quarantined", "release"): ("pending", "editor"),
    ("pending", "take"): ("in_review", "editor"),
    ("in_review", "sign"): ("approved", "editor"),
    ("pending", "return"): ("returned", "editor"),
    ("in_review", "return"): ("returned", "editor"),
    ("returned", "resend"): ("pending", "editor"),
    ("quarantined", "reject"): ("rejected", "editor"),
    ("pending", "reject"): ("rejected", "editor"),
    ("in_review", "reject"): ("rejected", "editor"),
    ("returned", "reject"): ("rejected", "editor"),
    ("approved", "reject"): ("rejected", "editor"),
    ("quarantined", "withdraw"): ("withdrawn", "editor"),
    ("pending", "withdraw"): ("withdrawn", "editor"),
    ("in_review", "withdraw"): ("withdrawn", "editor"),
    ("returned", "withdraw"): ("withdrawn", "editor"),
    ("approved", "withdraw"): ("withdrawn", "editor"),
    ("rejected", "reopen"): ("pending", "editor"),
    ("withdrawn", "reopen"): ("pending", "editor"),
    ("archived", "reopen"): ("pending", "editor"),
    ("approved", "export"): ("exported", "editor"),
    ("exported", "confirm"): ("published", "editor"),
    ("published", "correct"): ("in_review", "editor"),
    ("published", "withdraw"): ("withdrawn", "chief"),
}
"""`sign` reaches `approved` from the last step of review only; the last of several steps is the chief's."""

_QUARANTINE = frozenset({"sender.spoofed", "sender.unknown", "secret.marking"})


class NotAllowed(Exception):
    """The draft cannot be moved so, or not by this person; the text says why, in Chinese."""


@dataclass(frozen=True)
class Place:
    """Where a draft stands: its state and, while it is in review, the name of the step."""

    state: State
    step: str | None = None


def first_state(submission: Submission, draft: Draft, history: bool = False) -> State:
    """The state in which a draft comes in; `history` is mail imported as such."""
    if history:
        return "archived"
    codes = {finding.code for finding in (*submission.findings, *draft.findings)}
    return "quarantined" if codes & _QUARANTINE else "pending"


def is_secret(findings: tuple[Finding, ...]) -> bool:
    """Whether the draft bears a secrecy mark: then it is for the chief alone."""
    return any(finding.code == "secret.marking" for finding in findings)


def steps_of(column: str | None, steps: tuple[str, ...], single_step: tuple[str, ...]) -> tuple[str, ...]:
    """The steps of review that a draft of this column goes through."""
    return steps[-1:] if column in single_step else steps


def next_place(place: Place, action: Action, steps: tuple[str, ...]) -> Place:
    """Where the action leads; NotAllowed where the table has no such move."""
    state, _ = _move(place.state, action)
    if action == "sign" and (following := _following(place.step, steps)):
        return Place("in_review", following)
    return Place(state, steps[0]) if state == "in_review" else Place(state)


def needed_role(place: Place, action: Action, steps: tuple[str, ...], secret: bool = False) -> Role:
    """The least role that may do it; NotAllowed where nobody may."""
    _, role = _move(place.state, action)
    is_last_of_several = action == "sign" and len(steps) > 1 and _following(place.step, steps) is None
    return "chief" if secret or is_last_of_several else role


def move(place: Place, action: Action, role: Role, steps: tuple[str, ...], secret: bool = False) -> Place:
    """Where this person's action leads; NotAllowed where the table or the role forbids it."""
    needed = needed_role(place, action, steps, secret)
    if not has_role(role, needed):
        raise NotAllowed(f"“{ACTION_NAMES[action]}”须由{ROLE_NAMES[needed]}办理，您是{ROLE_NAMES[role]}。")
    return next_place(place, action, steps)


def allowed_actions(place: Place, role: Role, steps: tuple[str, ...], secret: bool = False) -> tuple[Action, ...]:
    """What this person may do with the draft now, in the order of the table."""
    return tuple(
        action
        for state, action in TRANSITIONS
        if state == place.state and has_role(role, needed_role(place, action, steps, secret))
    )


def has_role(role: Role, needed: Role) -> bool:
    """Whether the role is at least the needed one."""
    return ROLES.index(role) >= ROLES.index(needed)


def _move(state: State, action: Action) -> tuple[State, Role]:
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise NotAllowed(f"稿件当前为“{STATE_NAMES[state]}”，不能“{ACTION_NAMES[action]}”。") from None


def _following(step: str | None, steps: tuple[str, ...]) -> str | None:
    """The step after this one; a step that the config no longer has is taken for the last."""
    after = steps[steps.index(step) + 1 :] if step in steps else ()
    return after[0] if after else None
