#!/usr/bin/env bash
# github.com/sosodev/duration v1.4.0, durations of ISO 8601 in Go: of a length of time Format and MarshalJSON make weeks from 168 hours on and months
# from 730 on. 151:40 hours of a full month are P6DT7H40M, and with 20 of overtime P1WT3H40M, which XML Schema does not know (it has no W) and
# ISO 8601:2004 has stand alone: xmllint 2.9.14 (libxml2-utils of Debian 12) and Java refuse it. The 1,607 hours of a year's work
# are P2M6DT3H, and the two months are as long as the calendar has them be: Java, from 1 January, makes 1,563 of them, from 1 July 1,635.
# No error. Its documentation calls months a bit fuzzy and is silent on weeks; its own Parse counts 730 hours again and gives what went in. Java's
# Duration.ofHours(1607) is PT1607H.
set -euo pipefail
for t in go java xmllint; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >go.mod <<'M'
module try
go 1.25
require github.com/sosodev/duration v1.4.0
M
cat >main.go <<'G'
package main

import (
	"fmt"
	"time"

	"github.com/sosodev/duration"
)

func main() {
	for _, s := range []string{"7h30m", "151h40m", "167h59m", "168h", "171h40m", "200h", "729h", "730h", "744h", "1607h", "8760h"} {
		d, _ := time.ParseDuration(s)
		text := duration.Format(d)
		again, err := duration.Parse(text)
		if err != nil || again.ToTimeDuration() != d {
			panic(text)
		}
		fmt.Println(s, text)
	}
}
G
cat >Read.java <<'J'
import java.nio.file.*;
import java.util.*;
import javax.xml.datatype.*;

class Read {
  static String hours(Duration d, int month) {
    Calendar from = new GregorianCalendar(2026, month, 1), to = (Calendar) from.clone();
    from.setTimeZone(TimeZone.getTimeZone("UTC"));
    to.setTimeZone(TimeZone.getTimeZone("UTC"));
    d.addTo(to);
    long m = (to.getTimeInMillis() - from.getTimeInMillis()) / 60000;
    return m % 60 == 0 ? m / 60 + "h" : m / 60 + "h" + m % 60 + "m";
  }

  public static void main(String[] a) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    for (String line : Files.readAllLines(Path.of("go"))) {
      String text = line.split(" ")[1];
      try {
        Duration d = DatatypeFactory.newInstance().newDuration(text);
        System.out.println(hours(d, 0) + " " + hours(d, 6));
      } catch (IllegalArgumentException e) {
        System.out.println("refused refused");
      }
    }
  }
}
J
go mod tidy >/dev/null 2>&1
go run . >go
java Read.java >java
echo '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:duration"/></xs:schema>' >a.xsd
while read -r _ text; do
  echo "<a>$text</a>" >a.xml
  if xmllint --noout --schema a.xsd a.xml 2>/dev/null; then echo valid; else echo not; fi
done <go >libxml2
echo "$(go list -m github.com/sosodev/duration), $(java -version 2>&1 | sed -n 1p), $(xmllint --version 2>&1 | sed -n 1p)"
echo "expected, by XML Schema part 2, 3.2.6 (no weeks; months are not a number of hours): valid, and the hours that went in, whatever the day"
echo "hours, Format, xs:duration by libxml2, hours by Java from 1 January, from 1 July"
paste -d ' ' go libxml2 java | tee seen
cmp seen <<'X'
7h30m PT7H30M valid 7h30m 7h30m
151h40m P6DT7H40M valid 151h40m 151h40m
167h59m P6DT23H59M valid 167h59m 167h59m
168h P1W not refused refused
171h40m P1WT3H40M not refused refused
200h P1W1DT8H not refused refused
729h P4W2DT9H not refused refused
730h P1M valid 744h 744h
744h P1MT14H valid 758h 758h
1607h P2M6DT3H valid 1563h 1635h
8760h P1Y valid 8760h 8760h
X
