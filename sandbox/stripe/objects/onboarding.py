"""Onboarding: the page that an account link leads to, where the owner provides what Stripe wants to know.

    link made ──► opened (once, within 5 minutes) ──► completed ──► return_url
         └── too late, or opened before ──► refresh_url

Opened by a browser, never by the API. Source: https://docs.stripe.com/connect/express-accounts,
https://docs.stripe.com/api/account_links/create
"""

from html import escape
from urllib.parse import quote

from sandbox.stripe.errors import NotPossible
from sandbox.stripe.objects import requirements
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM, State
from sandbox.stripe.step import Step
from sandbox.stripe.wire import Request, Response

PATH = "/connect/setup/"
LINKS = "setup_link"
"""The shelf of links that were made: never shown as they are."""

PAGE_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
}
URL_CHARACTERS = ":/?#[]@!$&'()*+,;=%-._~"

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: auto; padding: 1.5rem }}
code {{ overflow-wrap: anywhere }}
button, .later {{ display: block; width: 100%; box-sizing: border-box; padding: .9rem; text-align: center }}
button {{ font: inherit; color: #fff; background: #4b45c6; border: 0; border-radius: .5rem }}
</style>
<h1>{title}</h1>
{body}
</html>
"""
WANTED = """<p>Account <code>{account}</code>{email}, {country}.</p>
<p>This is a local Stripe: nothing is asked for, and nothing leaves this machine.</p>
<h2>What is required</h2>
<ul>
{items}
</ul>
<form method="post"><button>Complete onboarding</button></form>
<p><a class="later" href="{return_url}">Come back later</a></p>"""


def open_link(step: Step, token: str, params: Obj, expires_at: int) -> str:
    """Where a new link leads: to this page while the simulator is served, else where Stripe's lead."""
    step.shelf(LINKS).add(
        {
            "id": token,
            "object": LINKS,
            "account": params["account"],
            "expires_at": expires_at,
            "opened": False,
            "refresh_url": params["refresh_url"],
            "return_url": params["return_url"],
        }
    )
    if not step.state.base_url:
        return f"https://connect.stripe.com/setup/e/{params['account']}/{token}"
    return f"{step.state.base_url}{PATH}{token}"


def answer(state: State, request: Request, now: int) -> Response:
    """The page, or where the browser is to go instead. `now` is epoch seconds."""
    link = state.shelf(PLATFORM, LINKS).get(request.path.removeprefix(PATH))
    if link is None:
        return _page(404, "Unknown link", "<p>This link was never made, or not here.</p>")
    account = state.shelf(PLATFORM, "account").get(link["account"])
    if request.method == "GET":
        if account is None or link["opened"] or now >= link["expires_at"]:
            return _redirect(link["refresh_url"])
        link["opened"] = True
        return _page(200, "Set up your payouts", _wanted(account, link["return_url"]))
    if request.method == "POST":
        if account is None or not link["opened"]:
            return _redirect(link["refresh_url"])
        return _complete(Step(state, account["id"], now), account, link["return_url"])
    return Response(405, {"Allow": "GET, POST"}, b"")


def _complete(step: Step, account: Obj, return_url: str) -> Response:
    try:
        requirements.provide(step, account)
    except NotPossible as refused:
        return _page(409, "This cannot be completed", f"<p>{escape(str(refused))}</p>")
    return _redirect(return_url)


def _wanted(account: Obj, return_url: str) -> str:
    names = account["requirements"]["currently_due"]
    items = [f"<li>{escape(name.replace('_', ' ').replace('.', ': '))}</li>" for name in names]
    return WANTED.format(
        account=escape(account["id"]),
        country=escape(account["country"]),
        email=f" ({escape(account['email'])})" if account["email"] else "",
        items="\n".join(items) or "<li>Nothing at the moment.</li>",
        return_url=escape(return_url),
    )


def _page(status: int, title: str, body: str) -> Response:
    return Response(status, PAGE_HEADERS, PAGE.format(title=title, body=body).encode())


def _redirect(url: str) -> Response:
    return Response(303, {"Location": quote(url, safe=URL_CHARACTERS), "Cache-Control": "no-store"}, b"")
