"""What people do through the API: the options that all such commands share, who goes on record, and the answer as a sentence."""

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple, get_type_hints
from urllib.parse import quote

import typer

from cli.output import JsonOption, print_json, tell

ByOption = Annotated[
    str, typer.Option("--by", help="Who does it: a client whose certificate is in the identity folder; this machine's own if left out.")
]
CommentOption = Annotated[str, typer.Option("--comment", help="A note, without personal data.")]
AccountOption = Annotated[str, typer.Option("--account", help="The credit reference, where two accounts have something of this id.")]
IdArgument = Annotated[str, typer.Argument(help="The exception's id, such as TRANSACTION/PAYMENT_HELD.")]
AccountArgument = Annotated[str, typer.Argument(help="The account's credit reference.")]


class Person(NamedTuple):
    """Who does something, and whether the answer is for a program."""

    by: ByOption = ""
    as_json: JsonOption = False

    def does(self, path: str, body: Mapping[str, Any]) -> None:
        """Have it done and tell what came of it. Raises UserError when the API refuses."""
        found = self.asks(path, body)
        if self.as_json:
            print_json(found)
            return
        closed = f"; closed {', '.join(found['closed'])}" if found["closed"] else ""
        tell(f"{found['about']}: {found['outcome']}{closed}{' (' + found['detail'] + ')' if found['detail'] else ''}")

    def asks(self, path: str, body: Mapping[str, Any]) -> Any:
        """The API's answer. While nobody is known by authentication, this session's user goes on record."""
        from cli.announce import person
        from cli.client import CLIENT
        from cli.environment import running_settings
        from cli.people import ask

        settings = running_settings()
        if settings.auth == "off":
            return ask(settings, "POST", f"/api/v1/{path}", body={**body, "actor": person(self.by)})
        return ask(settings, "POST", f"/api/v1/{path}", body=body, name=self.by or CLIENT)


class OnException(NamedTuple):
    """An exception that somebody does something about."""

    exception_id: IdArgument
    account: AccountOption = ""
    by: ByOption = ""
    as_json: JsonOption = False

    def does(self, action: str, **body: str) -> None:
        """The same for this exception."""
        path = f"exceptions/{quote(self.exception_id)}/{action}"
        Person(self.by, self.as_json).does(path, {**body, "credit_reference": self.account})


def looked_up(path: str, query: Mapping[str, str]) -> Any:
    """What the API shows. Words that are empty ask for nothing."""
    from cli.environment import running_settings
    from cli.people import ask

    return ask(running_settings(), "GET", f"/api/v1/{path}", query={name: value for name, value in query.items() if value})


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the fields of its first parameter, a named tuple, as arguments and options of its own: what must be given
    stands in front of the command's own, what may be given behind.
    """
    hints = get_type_hints(command, include_extras=True)
    first, *own = inspect.signature(command).parameters.values()
    shared: type[Any] = hints[first.name]
    fields = inspect.signature(shared).parameters.values()
    known = get_type_hints(shared, include_extras=True)

    def run(**given: Any) -> None:
        command(shared(**{field.name: given.pop(field.name) for field in fields}), **given)

    parameters = [
        *(_named(field, known) for field in fields if field.default is field.empty),
        *(_named(each, hints) for each in own),
        *(_named(field, known) for field in fields if field.default is not field.empty),
    ]
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def _named(parameter: inspect.Parameter, hints: Mapping[str, Any]) -> inspect.Parameter:
    return parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[parameter.name])
