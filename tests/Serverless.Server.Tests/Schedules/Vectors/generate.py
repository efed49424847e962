#!/usr/bin/env python3
"""Writes vectors.txt.gz: what Prefect 3 answers to 10,000 schedules, most of them drawn at random.

Needs Python 3.11 or later, python-dateutil, pytz and the croniter that Prefect ships. With Prefect installed:

    python generate.py

With a folder that holds `croniter` (Prefect's `src/prefect/_vendor`):

    PYTHONPATH=<folder> python generate.py

How a time on the clock becomes an instant follows `get_dates` of Prefect's server as it works on Python 3.13 and later.
The same seed writes the same file, but for rules that take dateutil longer than half a second: they are left out. It takes a few minutes.
Each line has five fields, divided by tabs:

    kind      C cron, D cron with day_or false, R RRULE, I interval
    zone
    text      the expression; line ends of an RRULE are written \\n; an interval is `<seconds> <anchor>`
    start     seconds since 1970
    answer    seconds since the instant before (the first: since start), divided by spaces; `!` for an expression that is refused;
              a last `.` where nothing follows
"""

import calendar
import gzip
import random
import re
import signal
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import dateutil.rrule
import dateutil.tz

try:
    from prefect._vendor.croniter import croniter
except ImportError:
    from croniter import croniter

UTC = timezone.utc

# Times around changes of the clock. All of them are past, so that no new law moves them.
# Lord Howe changes by half an hour, Sao Paulo at midnight, Apia left out a whole day in 2011.
ZONES = {
    "Europe/Berlin": (1, [datetime(2024, 3, 31), datetime(2024, 10, 27), datetime(2023, 3, 26)]),
    "America/New_York": (1, [datetime(2024, 3, 10), datetime(2024, 11, 3), datetime(2023, 11, 5)]),
    "Australia/Lord_Howe": (1, [datetime(2023, 10, 1), datetime(2024, 4, 7), datetime(2022, 10, 2)]),
    "America/Sao_Paulo": (1, [datetime(2018, 11, 4), datetime(2018, 2, 18), datetime(2017, 10, 15)]),
    "Pacific/Apia": (25, [datetime(2011, 12, 30), datetime(2012, 4, 1), datetime(2012, 9, 30)]),
}


class TooSlow(Exception):
    pass


def _alarm(*_):
    raise TooSlow


signal.signal(signal.SIGALRM, _alarm)


def instant(wall, zone):
    """An ambiguous time is the first; one that is left out is as long after the change as it would have been."""
    return int(wall.replace(tzinfo=zone, fold=0).astimezone(UTC).timestamp())


# Beyond the last time that is wanted there may be times whose instants come before it: those that a change left out.
def take(pairs, count, margin):
    found, last = {}, None
    for wall, at in pairs:
        found.setdefault(at, wall)
        if last is None and len(found) >= count:
            last = max(found.values())
        if last is not None and wall > last + margin:
            return sorted(found)[:count], True
    return sorted(found)[:count], len(found) > count


def cron_answer(text, zone_name, start, count, day_or):
    zone = ZoneInfo(zone_name)
    margin = timedelta(hours=ZONES[zone_name][0] + 1)
    local = start.astimezone(zone) - timedelta(seconds=1)
    naive = local.replace(tzinfo=None)
    cron = croniter(text, naive, day_or=day_or)

    def pairs():
        for _ in range(100_000):
            wall = cron.get_next(datetime)
            yield wall, instant(wall, zone)

    return take(pairs(), count, margin)[0], False


def rrule_answer(text, zone_name, start, count):
    zone = dateutil.tz.gettz(zone_name)
    margin = timedelta(hours=ZONES[zone_name][0] + 1)
    dateutil.rrule.rrulestr(text)
    rule = dateutil.rrule.rrulestr(text, dtstart=date(2020, 1, 1))

    def localize(one):
        changed = {"dtstart": one._dtstart.replace(tzinfo=zone)}
        if one._until:
            changed["until"] = one._until.replace(tzinfo=zone)
        return one.replace(**changed)

    if isinstance(rule, dateutil.rrule.rrule):
        rule = localize(rule)
    else:
        rule._rrule = [localize(one) for one in rule._rrule]
        rule._exrule = [localize(one) for one in rule._exrule]
        rule._rdate = [one.replace(tzinfo=zone) for one in rule._rdate]
        rule._exdate = [one.replace(tzinfo=zone) for one in rule._exdate]

    def pairs():
        for at in rule.xafter(start, inc=True):
            yield at.replace(tzinfo=None), int(at.astimezone(UTC).timestamp())

    found, more = take(pairs(), count, margin)
    return found, not more and len(found) < count


def interval_answer(seconds, anchor, zone_name, start, count):
    """From the anchor on, as Prefect goes from one time to the next: days on the calendar, the rest as time that passes."""
    zone = ZoneInfo(zone_name)
    days, rest = divmod(seconds, 86400)
    found, at = [], anchor
    while len(found) < count:
        if at >= start:
            found.append(int(at.timestamp()))
        wall = at.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
        at = (datetime.fromtimestamp(instant(wall, zone), UTC) if days else at) + timedelta(seconds=rest)
        if days and at.astimezone(zone).replace(tzinfo=None) != wall:
            # A time that is left out moves, and Prefect goes on from there: what follows depends on where it began.
            return None
    return found, False


def passes_over(days, start, found):
    """After a day of February that does not exist croniter goes on from the same number of days in March, and overlooks the first ones."""
    if not any(isinstance(day, int) and day > 29 for day in days) or not {1, 2} & set(days) or not found:
        return False
    last = datetime.fromtimestamp(found[-1], UTC) + timedelta(days=3)
    return any(start <= datetime(year, 3, 1, tzinfo=UTC) + timedelta(days=3) and datetime(year, 3, 1, tzinfo=UTC) <= last
               for year in range(start.year, last.year + 1))


class Draw:
    MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, share):
        return self.random.random() < share

    def start(self, zone_name, kind):
        # dateutil moves Apia's new offset to another day, because the old one was summer time.
        changes = ZONES[zone_name][1][1 if kind == "R" else 0:]
        change = self.random.choice(changes).replace(tzinfo=UTC)
        # Always long enough after the change before; Prefect's answer depends on the start within a change.
        return change - timedelta(seconds=self.random.choice([90_000, 100_000, 172_800, self.random.randrange(86_400, 20 * 86_400)]))

    def pick(self, low, high, names=None):
        value = self.random.randint(low, high)
        if names and self.chance(0.4):
            name = names[value - (1 if len(names) == 12 else 0)] if value < len(names) + (1 if len(names) == 12 else 0) else None
            if name:
                return self.random.choice([name, name.upper(), name.capitalize()])
        return str(value)

    def item(self, low, high, names=None):
        kind = self.random.random()
        if kind < 0.45:
            return self.pick(low, high, names)
        if kind < 0.65:
            first, last = self.random.randint(low, high), self.random.randint(low, high)
            if self.chance(0.85):
                first, last = min(first, last), max(first, last)
            text = f"{first}-{last}"
            return text + (f"/{self.random.randint(1, 9)}" if self.chance(0.3) else "")
        if kind < 0.9:
            return f"*/{self.random.randint(1, max(2, (high - low) // 2))}"
        return f"{self.random.randint(low, high)}/{self.random.randint(1, 9)}"

    def field(self, low, high, star, names=None):
        if self.chance(star):
            return "*"
        return ",".join(self.item(low, high, names) for _ in range(self.random.choice([1, 1, 1, 1, 2, 3])))

    def cron(self):
        if self.chance(0.01):
            return self.random.choice(["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"])
        minute, hour = self.field(0, 59, 0.15), self.field(0, 23, 0.35)
        if self.chance(0.5):
            hour = self.random.choice(["0-3", "2", "1,2", "*", "0", "1-2", "2-3", "23,0"])
        day, month = self.field(1, 31, 0.65), self.field(1, 12, 0.8, self.MONTHS)
        week = self.field(0, 7, 0.6, self.DAYS)
        if self.chance(0.06):
            day = self.random.choice(["L", "l", "15,L", "28-L", "?"])
        if self.chance(0.08):
            day = self.random.choice(["*", "?"])
            week = self.random.choice([
                f"{self.random.randint(0, 6)}#{self.random.randint(1, 5)}",
                f"{self.random.choice(self.DAYS)}#{self.random.randint(1, 5)}",
                f"L{self.random.randint(0, 7)}",
                "mon#1,fri#3", "mon-fri#2", "L5,1#1"])
        fields = [minute, hour, day, month, week]
        if self.chance(0.12):
            fields.append(self.field(0, 59, 0.1))
            if "7" in fields[4]:
                fields[4] = "*"
        return self.random.choice([" ", " ", " ", "  "]).join(fields)

    def wrong_cron(self):
        fields = ["0", "0", "*", "*", "*"]
        at = self.random.randrange(5)
        fields[at] = self.random.choice(
            ["60", "24", "32", "13", "8", "x", "*/0", "1-", "-1", "1-70", "a-b", "1,,2", "5#6", "L", "5L", "*-3", "3/0", "/5", "1/", "h", "1#0", "?", "W", "15W",
             "1-5-9", "1.5", "++", "mon", "jan", "jan#1", "1#2", "", "0", "7", "l5", "l8", "*#2", "0-0", "59/5", "5-5/2", "6-2", "10-5/4"])
        return " ".join(fields)

    def numbers(self, low, high, most, signed=False):
        count = self.random.randint(1, most)
        values = sorted({self.random.randint(low, high) for _ in range(count)})
        return ",".join(str(-value if signed and self.chance(0.35) else value) for value in values)

    def rule(self, kinds, dtstart):
        freq = self.random.choices(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"], kinds)[0]
        parts = [f"FREQ={freq}"]
        add = parts.append
        if self.chance(0.5):
            add(f"INTERVAL={self.random.randint(1, {'YEARLY': 3, 'SECONDLY': 5000, 'MINUTELY': 500}.get(freq, 12))}")
        large = freq in ("YEARLY", "MONTHLY")
        if self.chance(0.25):
            add(f"BYMONTH={self.numbers(1, 12, 6)}")
        if freq == "YEARLY" and self.chance(0.15):
            add(f"BYWEEKNO={self.numbers(1, 53, 4, True)}")
        elif freq in ("YEARLY", "HOURLY", "MINUTELY", "SECONDLY") and self.chance(0.15):
            add(f"BYYEARDAY={self.numbers(1, 366, 8, True)}")
        elif freq != "WEEKLY" and self.chance(0.3):
            add(f"BYMONTHDAY={self.numbers(1, 31, 6, True)}")
        if self.chance(0.4):
            days = self.random.sample(self.CODES, self.random.randint(1, 4))
            if large and "BYWEEKNO" not in "".join(parts) and self.chance(0.5):
                most = 5 if freq == "MONTHLY" or any(part.startswith("BYMONTH=") for part in parts) else 53
                days = [f"{self.random.choice(['', '+', '-'])}{self.random.randint(1, most)}{day}" for day in days]
            add(f"BYDAY={','.join(days)}")
        if self.chance(0.3):
            add(f"BYHOUR={self.numbers(0, 23, 4) if self.chance(0.5) else self.numbers(0, 3, 3)}")
        if self.chance(0.25):
            add(f"BYMINUTE={self.numbers(0, 59, 4)}")
        if self.chance(0.1):
            add(f"BYSECOND={self.numbers(0, 59, 3)}")
        if self.chance(0.15):
            add(f"BYSETPOS={self.numbers(1, 4, 2, True)}")
        if self.chance(0.2):
            add(f"WKST={self.random.choice(self.CODES)}")
        if self.chance(0.15):
            add(f"COUNT={self.random.randint(1, 60)}")
        elif self.chance(0.1):
            add(f"UNTIL={(dtstart + timedelta(days=self.random.randint(1, 900))).strftime('%Y%m%dT%H%M%S')}")
        head, rest = parts[:1], parts[1:]
        self.random.shuffle(rest)
        return ";".join(head + rest)

    def rrule(self, start):
        ago = self.random.choice([0, 1, 3, 10, 30, 200, 1000])
        dtstart = (start - timedelta(days=ago, seconds=self.random.randrange(0, 86400))).replace(tzinfo=None)
        if self.chance(0.5):
            dtstart = dtstart.replace(minute=self.random.choice([0, 15, 30]), second=0, hour=self.random.choice([0, 1, 2, 3, 9, 23]))
        kinds = [4, 5, 4, 5, 3, 1, 1] if ago <= 30 else [5, 6, 5, 5, 2, 0, 0]
        lines = [f"DTSTART:{dtstart.strftime('%Y%m%dT%H%M%S')}", "RRULE:" + self.rule(kinds, dtstart)]
        if self.chance(0.15):
            lines.append("RRULE:" + self.rule(kinds, dtstart))
        if self.chance(0.12):
            lines.append("EXRULE:" + self.rule([0, 1, 3, 3, 1, 0, 0], dtstart))
        stamp = lambda: (start + timedelta(days=self.random.randint(0, 30))).strftime("%Y%m%dT") + dtstart.strftime("%H%M%S")
        if self.chance(0.1):
            lines.append("RDATE:" + ",".join(stamp() for _ in range(self.random.randint(1, 3))))
        if self.chance(0.1):
            lines.append("EXDATE:" + ",".join(stamp() for _ in range(self.random.randint(1, 5))))
        return "\\n".join(lines)


def main():
    draw = Draw(5545)
    lines, seen = [], set()
    names = list(ZONES)

    def put(kind, zone_name, text, start, answer):
        lines.append("\t".join([kind, zone_name, text, str(int(start.timestamp())), answer]))

    def spell(found, ended, start):
        before, steps = int(start.timestamp()), []
        for at in found:
            steps.append(str(at - before))
            before = at
        return " ".join(steps + (["."] if ended else []))

    def wanted(kind, count, make):
        done = 0
        while done < count:
            zone_name = names[len(lines) % len(names)]
            start = draw.start(zone_name, kind)
            signal.setitimer(signal.ITIMER_REAL, 0.5)
            try:
                made = make(zone_name, start)
            except TooSlow:
                continue
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            if made is None or (kind, zone_name, made[0]) in seen:
                continue
            seen.add((kind, zone_name, made[0]))
            put(kind, zone_name, made[0], start, made[1])
            done += 1

    def cron(day_or):
        def make(zone_name, start):
            text = draw.cron()
            if not croniter.is_valid(text):
                return text, "!"
            expanded, nth = croniter.expand(text)
            either = expanded[2][0] != "*" and expanded[4][0] != "*"
            try:
                found, ended = cron_answer(text, zone_name, start, 8, day_or)
            except ValueError:
                # Never, says croniter; also of a day of the month that never comes or a day of the week that does.
                return None if either and day_or else (text, ".")
            return None if passes_over(expanded[2], start, found) else (text, spell(found, ended, start))
        return make

    def wrong(zone_name, start):
        text = draw.wrong_cron()
        if croniter.is_valid(text) and "h" not in text:
            return text, spell(*cron_answer(text, zone_name, start, 4, True), start)
        return text, "!"

    def rrule(zone_name, start):
        text = draw.rrule(start)
        if re.search("BYWEEKNO=[^;]*-5[23]", text):
            # dateutil overlooks the days of a first week that lie in December, if it is counted from the end.
            return None
        try:
            found, ended = rrule_answer(text.replace("\\n", "\n"), zone_name, start, 8)
        except ValueError:
            return None
        # dateutil knows of no change of the clock from 2038 on.
        known = [at for at in found if at < datetime(2037, 1, 1, tzinfo=UTC).timestamp()]
        return (text, spell(known, ended and known == found, start)) if known or not found else None

    def interval(zone_name, start):
        whole = draw.chance(0.5)
        seconds = 86400 * draw.random.randint(1, 20) if whole else draw.random.choice([900, 3600, 5400, draw.random.randint(1, 86399)])
        anchor = start - timedelta(days=draw.random.choice([0, 1, 40, 200]), seconds=draw.random.randrange(0, 86400))
        if not whole:
            anchor = start - timedelta(seconds=draw.random.randrange(0, 20 * seconds))
        answer = interval_answer(seconds, anchor, zone_name, start, 8)
        return (f"{seconds} {int(anchor.timestamp())}", spell(*answer, start)) if answer else None

    wanted("C", 4500, cron(True))
    wanted("D", 800, cron(False))
    wanted("C", 200, wrong)
    wanted("R", 4000, rrule)
    wanted("I", 500, interval)
    target = Path(__file__).with_name("vectors.txt.gz")
    with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(("\n".join(lines) + "\n").encode())
    print(f"{len(lines)} vectors, {target.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
