"""The page that browsers get of a subscription's link, as headless Chromium shows it.

Beside what callers.py reads from the environment, INVITATION is an operator's, and SCREENSHOTS the folder for pictures of each page.
Customers of every state are made from outside; their pages are looked at on each screen. Exits 1 if anything is wrong, after all were seen.
"""

import base64
import dataclasses
import json
import os
import pathlib
import shutil
import sys
import tempfile
import urllib.parse

import zxingcpp

from browser import Browser, write
from callers import GRPC, SUBSCRIBE, Caller, Client, Node, Refusal, Wrong, equal, expect, http, registered, step, wait_for
from page_checks import CONTRASTS, OUTSIDE, SMALL_TARGETS, area_of, contrast, text_of

SCREENSHOTS = pathlib.Path(os.environ["SCREENSHOTS"])
GIB = 1 << 30
QUOTA = 100 * GIB
DAY = 86_400
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Accept": "text/html"}
TITLES = {
    "short": ("Helium", "Maintenance on Friday night, from 2 to 3."),
    "long": ("W" * 60 + " & <Sons> \U0001F1F3\U0001F1F4", "https://example.com/" + "a" * 150),
    "right to left": ("هيليوم للاتصالات السريعة والآمنة", "صيانة ليلة الجمعة من الساعة 2 إلى 3"),
}
APPS = {
    "Clash, Mihomo": "clash", "sing-box": "sing-box", "Shadowrocket": "shadowrocket", "Hiddify": "hiddify", "v2rayNG": "v2rayng",
    "Stash": "stash", "Surge": "surge", "Loon": "loon", "Quantumult X": "quantumult-x", "Surfboard": "surfboard",
}


@dataclasses.dataclass(frozen=True)
class Screen:
    name: str
    width: int
    height: int
    scale: int
    is_phone: bool = True
    is_dark: bool = False
    time_zone: str = "Asia/Tokyo"


PHONE = Screen("phone", 390, 844, 2)
DARK_PHONE = Screen("phone-dark", 390, 844, 2, is_dark=True)
SMALL_PHONE = Screen("phone-small", 320, 568, 2)
DESKTOP = Screen("desktop", 1_280, 800, 1, is_phone=False)
DARK_DESKTOP = Screen("desktop-dark", 1_280, 800, 1, is_phone=False, is_dark=True)


@dataclasses.dataclass(frozen=True)
class State:
    """A customer, and what the page is to say."""

    name: str
    status: str = "Active"
    used: int | None = 0
    left: str = ""
    resets: bool = False
    # Long enough that a month's traffic starts anew before it ends.
    duration: int = 60 * DAY
    is_banned: bool = False
    titles: str = "short"
    screens: tuple = (PHONE, DARK_PHONE, DESKTOP)


STATES = [
    State("fresh", left="100.00 GiB", resets=True),
    State("used", used=37 * GIB + GIB // 5, left="62.80 GiB", screens=(PHONE, DARK_PHONE, SMALL_PHONE, DESKTOP, DARK_DESKTOP)),
    State("nearly-used-up", used=95 * GIB, left="5.00 GiB", resets=True),
    State("used-up", "Traffic used up", used=101 * GIB, left="0 B"),
    State("waiting", "Traffic used up", used=100 * GIB, left="0 B", resets=True),
    State("expired", "Plan expired", left="100.00 GiB", duration=1),
    State("banned", "Account suspended", used=GIB, left="99.00 GiB", is_banned=True),
    State("no-plan", "No active plan", used=None),
    State("long-names", used=GIB, left="99.00 GiB", titles="long", screens=(PHONE, SMALL_PHONE, DESKTOP)),
    State("right-to-left", used=GIB, left="99.00 GiB", titles="right to left", screens=(PHONE, DESKTOP)),
]


class Operator:
    def __init__(self):
        self.client = Client(GRPC)
        key = self.client.call(
            "manage.AdminAuthService.RegisterAdmin", {"invitation_token": os.environ["INVITATION"], "name": "root"}).api_key
        token = self.client.call("manage.AdminAuthService.AdminLogin", {"api_key": key}).access_token
        self.admin = Caller(self.client, "x-admin-authorization", token)
        self.group = self.admin.call("telecom.NodeAdminService.CreateNodeGroup", {"name": "all"}, key="group").node_group.id
        spec = {"name": "one", "settings": {"server_port": 443, "shadowsocks": {}}, "factor_thousandths": 1_000, "enabled": True}
        created = self.admin.call("telecom.NodeAdminService.CreateNodeServer", {"spec": spec}, key="server")
        client_spec = {"server_id": created.node_server.id, "name": "one", "host": "one.test", "group_ids": [self.group], "enabled": True}
        self.admin.call("telecom.NodeAdminService.CreateNodeClient", {"spec": client_spec}, key="client")
        self.node = Node(created.node_server.id, created.token, "shadowsocks")

    def show(self, titles):
        """Changes what pages are headed with; their links lead to this installation."""
        stored = self.admin.call("manage.SettingsService.GetSettings", {"module": "telecom"})
        title, announcement = TITLES[titles]
        document = json.loads(stored.document) | {
            "profile_title": title, "announcement": announcement, "web_page_url": "https://example.com/account",
            "support_url": "https://example.com/help?a=1&b=2",
            "links": [{"name": "default", "url": f"http://{SUBSCRIBE}/subscribe/{{SUBSCRIBE_TOKEN}}"}],
        }
        request = {"module": "telecom", "document": json.dumps(document), "version": str(stored.version)}
        self.admin.call("manage.SettingsService.UpdateSettings", request)

    def customer(self, state):
        """The link of a new customer in that state."""
        tokens = registered(self.client, f"{state.name}@example.com")
        customer = Caller(self.client, "authorization", f"Bearer {tokens.access_token}")

        def subscriptions():
            return customer.call("telecom.SubscriptionService.ListSubscriptions").subscriptions

        wait_for("the account has its subscription", subscriptions)
        if state.used is not None:
            spec = {
                "name": state.name, "quota_bytes": str(QUOTA), "duration_seconds": str(state.duration), "group_id": self.group,
                "reset_rule": "RESET_RULE_MONTHLY" if state.resets else "RESET_RULE_UNSPECIFIED",
            }
            package = self.admin.call(
                "telecom.PackageAdminService.CreatePackageSeries", {"spec": spec}, key=f"package {state.name}").package
            grant = {"account_id": tokens.account_id, "series_id": package.series_id, "reason": "to look at"}
            self.admin.call("telecom.SubscriptionAdminService.GrantPackage", grant, key=f"grant {state.name}")
        [subscription] = subscriptions()
        if state.used:
            self.node.push({str(subscription.node_user_id): [GIB // 4, state.used - GIB // 4]})
        link = f"http://{SUBSCRIBE}{urllib.parse.urlsplit(subscription.links[0].url).path}"
        return tokens.account_id, link

    def ban(self, account):
        self.admin.call("auth.AccountAdminService.BanAccount", {"id": account})


def page(link):
    answer = http(link, BROWSER)
    equal(answer.status, 200, f"the status of the page {link}")
    return answer.body.decode()


def see(browser, state, screen, link):
    """Opens the page, and checks what it shows."""
    with browser.tab(screen) as tab:
        tab.open(link)
        write(SCREENSHOTS, f"{state.name}-{screen.name}", tab.screenshot())
        title, announcement = TITLES[state.titles]
        equal(text_of(tab, "h1"), title, "the heading")
        equal(text_of(tab, ".announcement"), announcement, "the announcement")
        equal(text_of(tab, ".status"), state.status, "the status")
        check_layout(tab, screen)
        check_usage(tab, state, screen)
        check_link(tab, link, screen)
        check_apps(tab, link, title)
        requests = [event["request"]["url"] for event in tab.events("Network.requestWillBeSent")]
        equal(requests, [link], "what the page loads")
        complaints = tab.events("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        equal(complaints, [], "what the browser complains of")


def check_layout(tab, screen):
    width, wide = tab.value("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    equal(width, screen.width, "the width that the page fills")
    expect(wide <= width, f"the page is {wide} wide on a screen of {width}")
    equal(tab.value(OUTSIDE), [], "elements that reach out of the screen or are cut off")
    equal(tab.value(SMALL_TARGETS), [], "what is too small for a thumb")
    if not screen.is_phone:
        left, right = area_of(tab, ".apps"), area_of(tab, ".link")
        expect(left["x"] + left["width"] < right["x"] and right["y"] <= left["y"], f"no two columns: {left}, {right}")
    texts = tab.value(CONTRASTS)
    expect(len(texts) > 20, f"only {len(texts)} texts")
    for text, size, weight, front, back in texts:
        # WCAG 2.2, 1.4.3: large text is of 24 pixels, or of 18.66 in bold.
        wanted = 3 if size >= 24 or size >= 18.66 and weight >= 700 else 4.5
        found = contrast(front, back)
        expect(found >= wanted, f"{text!r} has a contrast of {found:.2f}: {front} on {back}")
    brightness = sum(tab.pixels({"x": 0, "y": 0, "width": 4, "height": 4}).colour(0, 0)) / (3 * 255)
    expect(brightness < 0.2 if screen.is_dark else brightness > 0.8, f"the page is {brightness:.2f} bright on {screen.name}")


def check_usage(tab, state, screen):
    if state.used is None:
        equal(tab.value("document.querySelectorAll('progress').length"), 0, "bars without a plan")
        return
    equal(text_of(tab, ".left"), f"{state.left}\nleft of 100.00 GiB", "what is left")
    terms = tab.value("[...document.querySelectorAll('dt')].map(term => term.textContent)")
    wanted = ["Used", "Expired" if state.status == "Plan expired" else "Expires"] + (["Traffic resets"] if state.resets else [])
    equal(terms, wanted, "what the usage tells")
    # Tokyo's clock is nine hours ahead, and knows no summer time.
    shown = tab.value(
        "[...document.querySelectorAll('time')].every(time => new Date(`${time.textContent} GMT+0900`).getTime() === "
        "Math.floor(new Date(time.dateTime) / 6e4) * 6e4)")
    expect(shown, "times are not those of the reader's clock: " + tab.value("document.querySelector('dl').innerText"))

    area = area_of(tab, "progress")
    pixels = tab.pixels(area)
    middle = pixels.height // 2
    row = [pixels.colour(x, middle) for x in range(pixels.width)]
    full, empty = (tab.value(f"getComputedStyle(document.querySelector('progress')).{name}") for name in ("color", "backgroundColor"))
    full, empty = ([int(number) for number in colour[4:-1].split(",")] for colour in (full, empty))
    # WCAG 2.2, 1.4.11.
    expect(contrast(full, empty) >= 3, f"the bar has a contrast of {contrast(full, empty):.2f}")

    def distance(colour, other):
        return sum(abs(one - two) for one, two in zip(colour, other))

    filled = sum(distance(colour, full) < distance(colour, empty) for colour in row)
    share = min(1, state.used / QUOTA)
    expect(
        abs(filled - share * pixels.width) <= 1 + pixels.width / 1_000,
        f"{filled} of {pixels.width} pixels of the bar are full on {screen.name}, for {share:.3f}")


def check_link(tab, link, screen):
    equal(tab.value("document.getElementById('link').value"), link, "the link in its field")
    area = area_of(tab, ".qr")
    expect(area["width"] >= 200, f"the code is only {area['width']} wide")
    codes = zxingcpp.read_barcodes(tab.pixels(area).grey, formats=zxingcpp.BarcodeFormat.QRCode)
    equal([code.text for code in codes], [link], f"the codes that a camera finds on {screen.name}")


def check_apps(tab, link, title):
    links = tab.value("[...document.querySelectorAll('nav a')].map(link => [link.firstChild.textContent, link.href])")
    equal({name: href.split(":")[0] for name, href in links}, APPS, "the apps and their schemes")
    for name, href in links:
        plain = urllib.parse.unquote(href)
        if name == "Shadowrocket":
            encoded = href.split("sub://")[1].split("?")[0]
            plain = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode() + urllib.parse.unquote(href)
        expect(link in plain, f"{name} is led to {href} instead of {link}")
        if name not in ("Surge", "Surfboard", "Quantumult X"):
            expect(title in plain, f"{name} is not told the name: {href}")


def check_copy(browser, link):
    """The button puts the link where the reader can paste it from."""
    with browser.tab(PHONE) as tab:
        tab.open(link)
        origin = f"http://{SUBSCRIBE}"
        browser.send(
            "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"], origin=origin,
            browserContextId=tab.context)
        tab.send("Emulation.setFocusEmulationEnabled", enabled=True)
        tab.value("document.getElementById('copy').click()")
        wait_for("the button says that it is done", lambda: text_of(tab, "#copy") == "Copied")
        equal(tab.value("navigator.clipboard.readText()"), link, "what was copied")


def check_without_script(browser, link):
    with browser.tab(PHONE, runs_scripts=False) as tab:
        tab.open(link)
        write(SCREENSHOTS, "without-script", tab.screenshot())
        expect(tab.value("document.getElementById('copy').offsetWidth") == 0, "there is a button that does nothing")
        expect(text_of(tab, "time").endswith(" UTC"), "a time without its zone")
        check_layout(tab, PHONE)
        check_link(tab, link, PHONE)
        check_apps(tab, link, TITLES["short"][0])


def main():
    operator = Operator()
    operator.show("short")
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    customers = {state: operator.customer(state) for state in STATES}
    for state, (account, link) in customers.items():
        if state.used:
            wait_for("its traffic is billed", lambda: state.left in page(link))
        if state.is_banned:
            operator.ban(account)
        wait_for(f"{state.name} is {state.status}", lambda: f">{state.status}</p>" in page(link))
    failures = 0
    with tempfile.TemporaryDirectory() as name, Browser(pathlib.Path(name)) as browser:
        shown = "short"
        for state, (_, link) in customers.items():
            if state.titles != shown:
                shown = state.titles
                operator.show(shown)
                wait_for("the page has its new heading", lambda: TITLES[shown][0][:30] in page(link))
            for screen in state.screens:
                try:
                    see(browser, state, screen, link)
                except Wrong as wrong:
                    failures += 1
                    print(f"wrong: {state.name} on {screen.name}: {wrong}", file=sys.stderr, flush=True)
            step(f"{state.name}: seen on {', '.join(screen.name for screen in state.screens)}")
        operator.show("short")
        link = customers[STATES[0]][1]
        wait_for("the page has its old heading", lambda: "<h1 dir=\"auto\">Helium</h1>" in page(link))
        check_copy(browser, link)
        check_without_script(browser, link)
    expect(failures == 0, f"{failures} pages look wrong")
    step("it copies its link, and is whole without scripts")


if __name__ == "__main__":
    try:
        main()
    except (Wrong, Refusal) as failure:
        print(f"wrong: {failure}", file=sys.stderr)
        sys.exit(1)
