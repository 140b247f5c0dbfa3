"""How a plan is cut into tasks: large ones first, small ones at the end, and each file in one of them."""

from convtool.batch.model import Item
from convtool.batch.tasks import cut
from convtool.places import LIMITS, Found


def sizes(files: int, size: int, workers: int = 2) -> list[int]:
    items = [Item(number, Found(f"{number}", name=f"{number}", size=size)) for number in range(files)]
    tasks = list(cut(iter(items), files, files * size, LIMITS, workers))
    assert [item for task in tasks for item in task.items] == items
    assert [task.number for task in tasks] == list(range(len(tasks)))
    return [len(task.items) for task in tasks]


def test_tasks_get_smaller_towards_the_end() -> None:
    found = sizes(5000, 5000)
    assert found[0] == 625  # an eighth, for two workers
    assert sizes(100_000, 1000)[0] == 1024
    assert found[-1] <= 8
    assert found == sorted(found, reverse=True)


def test_a_few_files_are_shared_out() -> None:
    assert sizes(40, 5000) == [8] * 5
    assert sizes(8, 1 << 20) == [1] * 8
    assert sizes(0, 1) == []


def test_large_files_make_small_tasks() -> None:
    assert max(sizes(5000, 100_000)) == 168  # 16 MiB
    assert max(sizes(1000, 100_000)) == 125  # an eighth
    assert set(sizes(10, 100_000_000)) == {1}
