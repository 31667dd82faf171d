#!/usr/bin/env bash
# npm ical.js 2.2.1, which calculates the calendars of Thunderbird: days that a rule of RFC 5545 names and that a month does not have become
# days of the next month. The last day of each quarter, FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1, is right in the first year
# and 1 July and 1 October from the second on; what is due each 29 February is due on 1 March in the other years, where the
# standard has it be left out. And the day of pay of the 30th or the last before, FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1,
# is three days from the second month on. No error. The last day of each month, and the last working day, are right.
# python3-dateutil 2.8.2 (Debian 12), npm rrule 2.8.1 and github.com/teambition/rrule-go v1.8.2 agree about all.
# (kewisch/ical.js issues 960 and 1039 are about BYSETPOS.)
set -euo pipefail
for t in npm node go /usr/bin/python3; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
/usr/bin/python3 -c 'import dateutil' 2>/dev/null || { echo "python3-dateutil is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts ical.js@2.2.1 rrule@2.8.1 >/dev/null
cat >rules <<'T'
20260331 FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
20260331 FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1
20260131 FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=31
20240229 FREQ=YEARLY
20260130 FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1
20260130 FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1
20260131 FREQ=MONTHLY;BYMONTHDAY=-1
T
cat >ical.mjs <<'J'
import { readFileSync } from "fs";
import ICAL from "ical.js";
for (const line of readFileSync("rules", "utf8").trim().split("\n")) {
  const [day, rule] = line.split(" ");
  const start = ICAL.Time.fromString(day.replace(/(....)(..)(..)/, "$1-$2-$3T09:00:00")), next = ICAL.Recur.fromString(rule).iterator(start);
  console.log(Array.from({ length: 7 }, () => next.next().toString().slice(0, 10)).join(" "));
}
J
cat >rrule.js <<'J'
const { rrulestr } = require("rrule");
for (const line of require("fs").readFileSync("rules", "utf8").trim().split("\n")) {
  const [day, rule] = line.split(" ");
  console.log(rrulestr(`DTSTART:${day}T090000Z\nRRULE:${rule}`).all((_, i) => i < 7).map((d) => d.toISOString().slice(0, 10)).join(" "));
}
J
cat >rrule.py <<'P'
import datetime, itertools
from dateutil.rrule import rrulestr
for line in open("rules"):
    day, rule = line.split()
    days = rrulestr("RRULE:" + rule, dtstart=datetime.datetime.strptime(day, "%Y%m%d"))
    print(*(d.date().isoformat() for d in itertools.islice(days, 7)))
P
cat >go.mod <<'M'
module try
go 1.25
require github.com/teambition/rrule-go v1.8.2
M
cat >main.go <<'G'
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/teambition/rrule-go"
)

func main() {
	f, err := os.Open("rules")
	must(err)
	for s := bufio.NewScanner(f); s.Scan(); {
		day, rule, _ := strings.Cut(s.Text(), " ")
		r, err := rrule.StrToRRule("DTSTART:" + day + "T090000Z\nRRULE:" + rule)
		must(err)
		days, next := []string{}, r.Iterator()
		for len(days) < 7 {
			d, _ := next()
			days = append(days, d.Format("2006-01-02"))
		}
		fmt.Println(strings.Join(days, " "))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
node ical.mjs >ical
node rrule.js >js
/usr/bin/python3 rrule.py >py
go run . >go
cmp py js
cmp py go
echo "$(node -p '["ical.js", "rrule"].map((p) => p + " " + JSON.parse(fs.readFileSync(`node_modules/${p}/package.json`)).version).join(", ")')," \
  "dateutil $(/usr/bin/python3 -c 'import dateutil; print(dateutil.__version__)'), $(go list -m github.com/teambition/rrule-go)"
echo "expected, by RFC 5545, 3.3.10 (days that there are not are left out; BYSETPOS takes from the days of one month): as the others"
paste -d '|' rules py ical | sed 's/|/\n  the others: /; s/|/\n  ical.js:    /'
cmp py <<'X'
2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30 2027-09-30
2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30 2027-09-30
2026-01-31 2026-07-31 2026-10-31 2027-01-31 2027-07-31 2027-10-31 2028-01-31
2024-02-29 2028-02-29 2032-02-29 2036-02-29 2040-02-29 2044-02-29 2048-02-29
2026-01-30 2026-02-28 2026-03-30 2026-04-30 2026-05-30 2026-06-30 2026-07-30
2026-01-30 2026-02-27 2026-03-31 2026-04-30 2026-05-29 2026-06-30 2026-07-31
2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2026-07-31
X
cmp ical <<'X'
2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-07-01 2027-10-01
2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30 2027-09-30
2026-01-31 2026-05-01 2026-07-31 2026-10-31 2027-01-31 2027-05-01 2027-07-31
2024-02-29 2025-03-01 2026-03-01 2027-03-01 2028-02-29 2029-03-01 2030-03-01
2026-01-30 2026-02-28 2026-03-28 2026-03-29 2026-03-30 2026-04-28 2026-04-29
2026-01-30 2026-02-27 2026-03-31 2026-04-30 2026-05-29 2026-06-30 2026-07-31
2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2026-07-31
X
