"""The form of a report as a browser sends it, and what its page answers."""

TEXT = "Программа-утверждена-приказом."  # nothing in it that typography changes


def form(**fields):
    """What the browser sends: all fields of the form, the button's name only where it has one."""
    return {"outcome": "DONE", "text": TEXT, "links": "", **fields}


def typed_on(client, report_url, **fields):
    """The form as the page gives it now, with what is typed into it."""
    return form(seen=client.get(report_url).context["seen"], **fields)


def attached(report) -> list[str]:
    return [str(each) for each in report.evidence.attached()]


def errors(response) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)
