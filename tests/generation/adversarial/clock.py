"""Clock, calendar, time zone and locale."""

import asyncio
import calendar
import datetime as dt
import email.utils
import locale
import os
import time
from datetime import date, datetime


def now():
    """The time itself."""
    return time.time()


def stamp(text):
    """The time inside a text."""
    return f"{text}-{int(time.time())}"


def elapsed(start=0.0):
    """A difference of two clocks."""
    return time.perf_counter() - start


def measured(function):
    """How long something took."""
    start = time.monotonic()
    result = function()
    return result, time.monotonic() - start


def age(born: int) -> int:
    """The year of today."""
    return date.today().year - born


def is_past(day: date) -> bool:
    """Compared with today: true today, false in some years, or the other way round."""
    return day < date.today()


def greeting() -> str:
    """The hour of the day."""
    return "good morning" if datetime.now().hour < 12 else "good day"


def deadline(days: int) -> datetime:
    """A moment counted from now."""
    return dt.datetime.now() + dt.timedelta(days=days)


def local(seconds: int) -> str:
    """The time zone of the machine."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def from_timestamp(seconds: int) -> datetime:
    """A naive datetime in local time."""
    return datetime.fromtimestamp(seconds)


def to_timestamp(moment: datetime) -> float:
    """A naive datetime read as local time."""
    return moment.timestamp()


def offset() -> int:
    """The offset of the zone."""
    return time.timezone


def zone() -> str:
    """The name of the zone."""
    return time.tzname[0]


def header() -> str:
    """A date in the format of mail."""
    return email.utils.formatdate(localtime=True)


def month(number: int) -> str:
    """The name of a month in the language of the machine."""
    return calendar.month_name[number % 13]


def grouped(amount: float) -> str:
    """The decimal point of the locale."""
    return locale.format_string("%.2f", amount, grouping=True)


def encoding() -> str:
    """The preferred encoding."""
    return locale.getpreferredencoding(False)


def slowly(value):
    """Sleeps, and says how late it is."""
    time.sleep(0.01)
    return value, time.time()


async def waited(seconds: float = 0.001) -> float:
    """The clock of the event loop."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    await asyncio.sleep(seconds)
    return loop.time() - start


class Limiter:
    """Capacity that leaks away with time."""

    def __init__(self, rate: float = 10.0):
        self.rate = rate
        self.level = 0.0
        self.last = time.monotonic()

    def take(self, amount: float = 1.0) -> bool:
        """The level depends on the time since the last call."""
        now = time.monotonic()
        self.level = max(0.0, self.level - (now - self.last) * self.rate) + amount
        self.last = now
        return self.level <= self.rate


def zone_set() -> str:
    """Reads a variable that every machine sets as it likes."""
    return os.environ.get("TZ", "unset")
