"""CONTRACT.md, section 4: who may move a draft, and where it goes."""

from __future__ import annotations

from typing import Any, cast

import pytest

from daemon.rules.states import (
    ACTION_NAMES,
    ACTIONS,
    ROLE_NAMES,
    ROLES,
    STATE_NAMES,
    STATES,
    TRANSITIONS,
    Action,
    NotAllowed,
    Place,
    Role,
    State,
    allowed_actions,
    first_state,
    is_secret,
    move,
    needed_role,
    next_place,
    steps_of,
)
from parsers.submission import Draft, Finding, Sender, Submission

TWO = ("初审", "终审")

CONTRACT = """
quarantined: release pending, reject rejected, withdraw withdrawn
pending: take in_review, return returned, reject rejected, withdraw withdrawn
in_review: sign approved, return returned, reject rejected, withdraw withdrawn
returned: resend pending, reject rejected, withdraw withdrawn
approved: export exported, reject rejected, withdraw withdrawn
exported: confirm published
published: correct in_review, withdraw withdrawn
rejected: reopen pending
withdrawn: reopen pending
archived: reopen pending
"""


def test_the_table_is_the_contract_s() -> None:
    moves = {
        (state, *move.split())
        for line in CONTRACT.split("\n")[1:-1]
        for state, listed in [line.split(": ")]
        for move in listed.split(", ")
    }
    assert {(state, action, after) for (state, action), (after, _) in TRANSITIONS.items()} == moves


def test_every_state_action_and_role_has_a_name_of_its_own() -> None:
    for words, names in ((STATES, STATE_NAMES), (ROLES, ROLE_NAMES)):
        assert set(words) == set(names)
        assert len(set(names.values())) == len(names)
    assert set(ACTIONS) == set(ACTION_NAMES)


def test_every_state_can_be_reached_from_intake() -> None:
    reached: set[State] = {"quarantined", "pending", "archived"}
    for _ in STATES:
        reached |= {after for (state, _), (after, _) in TRANSITIONS.items() if state in reached}
    assert reached == set(STATES)


def test_a_draft_goes_through_every_step_of_review() -> None:
    place = Place("pending")
    place = move(place, "take", "editor", TWO)
    assert place == Place("in_review", "初审")
    place = move(place, "sign", "editor", TWO)
    assert place == Place("in_review", "终审")
    place = move(place, "sign", "chief", TWO)
    assert place == Place("approved")
    assert move(move(place, "export", "editor", TWO), "confirm", "editor", TWO) == Place("published")


def test_the_last_of_several_steps_is_the_chief_s() -> None:
    with pytest.raises(NotAllowed, match="“审核通过”须由主编办理，您是编辑"):
        move(Place("in_review", "终审"), "sign", "editor", TWO)
    assert move(Place("in_review", "终审"), "sign", "editor", ("终审",)) == Place("approved")


def test_a_step_that_the_config_no_longer_has_is_the_last_one() -> None:
    assert next_place(Place("in_review", "复审"), "sign", TWO) == Place("approved")
    assert needed_role(Place("in_review", "复审"), "sign", TWO) == "chief"


def test_columns_of_a_single_step_need_only_the_last() -> None:
    assert steps_of("动态", TWO, ("动态",)) == ("终审",)
    assert steps_of("文件", TWO, ("动态",)) == TWO
    assert steps_of(None, TWO, ("动态",)) == TWO


def test_a_correction_starts_review_again_and_a_return_leaves_it() -> None:
    assert next_place(Place("published"), "correct", TWO) == Place("in_review", "初审")
    assert next_place(Place("in_review", "终审"), "return", TWO) == Place("returned")


def test_what_the_table_does_not_have_is_refused_with_the_reason() -> None:
    missing = [(state, action) for state in STATES for action in ACTIONS if (state, action) not in TRANSITIONS]
    for state, action in missing:
        with pytest.raises(NotAllowed, match=f"稿件当前为“{STATE_NAMES[state]}”，不能“{ACTION_NAMES[action]}”"):
            move(Place(state), action, "admin", TWO)


@pytest.mark.parametrize("secret", [False, True])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_what_is_offered_is_what_is_allowed(state: State, role: Role, secret: bool) -> None:
    place = Place(state, "终审" if state == "in_review" else None)
    offered = allowed_actions(place, role, TWO, secret)
    listed = [action for listed_state, action in TRANSITIONS if listed_state == state]
    assert offered == tuple(action for action in listed if allowed(place, action, role, secret))


def allowed(place: Place, action: Action, role: Role, secret: bool) -> bool:
    """Whether doing it is not refused."""
    try:
        move(place, action, role, TWO, secret)
    except NotAllowed:
        return False
    return True


def test_a_greater_role_may_do_all_that_a_lesser_may() -> None:
    for state in STATES:
        editor, chief, admin = (set(allowed_actions(Place(state), role, TWO)) for role in ROLES)
        assert editor <= chief <= admin


def test_a_draft_with_a_secrecy_mark_is_for_the_chief_alone() -> None:
    assert allowed_actions(Place("quarantined"), "editor", TWO, secret=True) == ()
    assert allowed_actions(Place("quarantined"), "chief", TWO, secret=True) == ("release", "reject", "withdraw")
    assert is_secret((Finding("secret.marking", "block", ""),))
    assert not is_secret((Finding("secret.not_public", "block", ""),))


@pytest.mark.parametrize(
    ("of_message", "of_draft", "state"),
    [
        ((), (), "pending"),
        (("sender.unknown",), (), "quarantined"),
        ((), ("sender.spoofed",), "quarantined"),
        ((), ("secret.marking",), "quarantined"),
        (("receipt.disputed",), ("pii.phone", "secret.not_public"), "pending"),
    ],
)
def test_spoofed_unknown_and_secret_drafts_wait_apart(
    of_message: tuple[str, ...], of_draft: tuple[str, ...], state: str
) -> None:
    submission = Submission(None, None, Sender(None, None), None, None, None, "submission", findings=found(of_message))
    draft = Draft("公告", None, 0.9, None, None, None, None, None, "", "", findings=found(of_draft))
    assert first_state(submission, draft) == state
    assert first_state(submission, draft, history=True) == "archived"


def found(codes: tuple[str, ...]) -> tuple[Finding, ...]:
    """Findings of these codes."""
    return tuple(Finding(code, cast(Any, "warn"), "") for code in codes)
