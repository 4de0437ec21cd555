"""Who may go next."""

from dataclasses import replace
from datetime import datetime, timedelta

from botsched.execution.waiting import Order, WaitingLine
from tests.support.values import FREE, NOW, an_execution


def order(name: str, most: int = 1, not_before: datetime | None = None) -> Order:
    """An order of the job named by the first letter."""
    execution = an_execution(id=name, job_id=name[0], not_before=not_before)
    return Order(execution, replace(FREE, max_instances=most))


def line_of(*orders: Order) -> WaitingLine:
    line = WaitingLine()
    line.add(orders)
    return line


def taken(line: WaitingLine, most: int = 99) -> list[str]:
    return [order.execution.id for order in line.take(most)]


def test_who_came_first_goes_first_as_many_as_there_is_room_for() -> None:
    line = line_of(order("a1"), order("b1"), order("c1"))

    assert taken(line, 2) == ["a1", "b1"]
    assert len(line) == 1
    assert taken(line, 2) == ["c1"]
    assert taken(line, 2) == []


def test_a_job_that_runs_often_enough_is_passed_over() -> None:
    line = line_of(order("a1", 2), order("a2", 2), order("a3", 2), order("b1"))

    assert taken(line) == ["a1", "a2", "b1"]
    assert len(line) == 1


def test_who_waited_for_an_end_goes_before_the_others() -> None:
    line = line_of(order("a1"), order("a2"), order("a3"))
    assert taken(line) == ["a1"]
    line.add([order("b1")])

    line.release("a")

    assert taken(line) == ["a2", "b1"]
    assert taken(line) == []
    line.release("a")
    assert taken(line) == ["a3"]
    assert len(line) == 0


def test_who_is_given_back_goes_first_again_and_before_those_of_its_job() -> None:
    line = line_of(*(order(name, 2) for name in ("a1", "a2", "a3", "a4", "b1")))
    given = line.take(99)
    assert [each.execution.id for each in given] == ["a1", "a2", "b1"]

    line.give_back(given)

    assert len(line) == 5
    assert taken(line) == ["a1", "a2", "b1"]
    line.release("a")
    line.release("a")
    assert sorted(taken(line)) == ["a3", "a4"]
    assert len(line) == 0


def test_every_release_makes_room_for_one() -> None:
    line = line_of(*(order(f"a{number}") for number in range(5)))
    order_of_going = []
    while names := taken(line):
        order_of_going += names
        line.release("a")

    assert order_of_going == ["a0", "a1", "a2", "a3", "a4"]


def in_seconds(number: float) -> datetime:
    return NOW + timedelta(seconds=number)


def test_who_comes_too_early_waits_aside_until_called() -> None:
    line = line_of(
        *(order("a1", not_before=in_seconds(9)), order("b1", not_before=in_seconds(5))),
        *(order("c1", not_before=in_seconds(5)), order("d1")),
    )

    line.call(NOW)
    assert (len(line), line.next_moment()) == (1, in_seconds(5))
    assert taken(line) == ["d1"]
    line.call(in_seconds(4.999))
    assert (len(line), taken(line)) == (0, [])

    line.call(in_seconds(5))
    assert line.next_moment() == in_seconds(9)
    line.add([order("e1")])
    assert taken(line) == ["b1", "c1", "e1"]

    line.call(in_seconds(3600))
    assert (taken(line), line.next_moment()) == (["a1"], None)


def test_who_was_called_takes_a_turn_like_the_others() -> None:
    line = line_of(order("a1"), order("a2", not_before=in_seconds(1)))
    line.call(in_seconds(1))

    assert taken(line) == ["a1"]
    line.release("a")
    given = line.take(1)
    line.give_back(given)
    assert taken(line) == ["a2"]


def test_while_held_only_what_users_asked_for_goes() -> None:
    asked = Order(an_execution(id="b1", job_id="b", user="ann"), FREE)
    line = line_of(order("a1"), asked, order("c1"))

    line.hold(held=True)
    line.add([order("d1")])

    assert taken(line) == ["b1"]
    assert len(line) == 3
    line.hold(held=False)
    line.add([order("e1")])
    assert taken(line) == ["a1", "c1", "d1", "e1"]
    assert len(line) == 0


def test_what_waits_for_an_end_is_held_as_well() -> None:
    line = line_of(order("a1"), order("a2"), order("a3"))
    assert taken(line) == ["a1"]

    line.hold(held=True)
    line.release("a")

    assert taken(line) == []
    line.hold(held=False)
    assert taken(line) == ["a2"]
    line.release("a")
    assert taken(line) == ["a3"]
