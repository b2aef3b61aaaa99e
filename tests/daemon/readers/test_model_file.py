"""The editors' habits on their way to the workers: through one file, while they work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.blobs import Blobs, StoreUnavailable
from daemon.readers import model_file
from daemon.readers.pool import ParserPool
from daemon.settings import Settings
from parsers import columns
from parsers.choice import seen
from parsers.learned import Learner, Model
from parsers.office import Office
from parsers.submission import Submission
from tests.generated import generated, received_at


def habit(office: Office, column: str) -> Model:
    """Of putting a town's notices into a column that the rules would not choose."""
    learner = Learner()
    for number in range(6):
        case = seen(f"甲镇人民政府关于做好第{number}阶段森林防火工作的通知", office.unit("甲镇人民政府"))
        lesson = columns.lesson(case, office, column)
        assert lesson is not None
        learner.learn(lesson)
    return learner.model(column)


def test_a_written_model_is_read_again(tmp_path: Path, settings: Settings) -> None:
    model = habit(settings.office_value, "公告公示")
    path = tmp_path / "data" / model_file.NAME
    model_file.write(path, model)
    assert model_file.read(path) == model
    assert [one.name for one in path.parent.iterdir()] == [model_file.NAME]


def test_an_office_is_taught_by_the_file_as_it_stands_now(tmp_path: Path, settings: Settings) -> None:
    office, path = settings.office_value, tmp_path / model_file.NAME
    assert model_file.taught(office, None).model is None
    assert model_file.taught(office, path).model is None
    for column in ("公告公示", "乡镇动态"):
        model_file.write(path, habit(office, column))
        taught = model_file.taught(office, path)
        assert taught.model == habit(office, column)
        assert model_file.taught(office, path) is taught
    path.unlink()
    assert model_file.taught(office, path).model is None


def test_a_damaged_file_leaves_the_rules(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / model_file.NAME
    path.write_bytes(b'["1", 2, {"\xff')
    assert model_file.taught(settings.office_value, path).model is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreUnavailable, match=model_file.NAME):
        model_file.write(tmp_path / "data" / model_file.NAME, Model())


def test_workers_follow_what_is_learned_while_they_work(tmp_path: Path, settings: Settings) -> None:
    path, mail = tmp_path / model_file.NAME, tmp_path / "mail"
    mail.write_bytes(generated(0))

    def column(pool: ParserPool) -> str | None:
        found = pool.submit(mail, received_at(0)).result(60)
        assert isinstance(found, Submission), found
        return found.drafts[0].column

    one_worker = replace(settings, readers=settings.readers.model_copy(update={"workers": 1}))
    with ParserPool(one_worker, Blobs(tmp_path / "blobs"), model=path) as pool:
        assert column(pool) == "文件"
        model_file.write(path, habit(settings.office_value, "公告公示"))
        assert column(pool) == "公告公示"
    with ParserPool(one_worker, Blobs(tmp_path / "blobs")) as pool:
        assert column(pool) == "文件"


def test_what_was_read_says_which_model_it_was_read_with(tmp_path: Path, settings: Settings) -> None:
    path, mail = tmp_path / model_file.NAME, tmp_path / "mail"
    mail.write_bytes(generated(0))
    model_file.write(path, replace(habit(settings.office_value, "公告公示"), version="第1版"))
    with ParserPool(settings, Blobs(tmp_path / "blobs"), model=path) as pool:
        found = pool.submit(mail, received_at(0)).result(60)
    assert isinstance(found, Submission)
    assert found.model_version == "第1版"
