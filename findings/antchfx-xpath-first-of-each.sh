#!/usr/bin/env bash
# github.com/antchfx/xpath v1.3.9 (by way of xmlquery v1.5.2), with which Go programs read XML: of two predicates, one of which is a
# position, the position is counted over the whole document and not for each parent. /D/B/L[@c='pay'][1], the first line of
# pay of every bulletin, is that of the first bulletin alone, and sum() over it is the pay of one agent. [last()] is that
# of the last bulletin. preceding::L[1] is the first line of the document and not the one before, following::L[1] is two
# lines, and (/D/B/L)[position() mod 2 = 1] counts in each bulletin, where it should not. No error. A position that stands
# alone, as in L[1] or L[last()], is right. libxml2 2.9.14 (libxml2-utils of Debian 12) and the XPath of JDK 17
# agree about all.
set -euo pipefail
for t in go xmllint java; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >journal.xml <<'X'
<D><B><L m="1800.00" c="pay"/><L m="200.00" c="pay"/><L m="50.00" c="due"/></B><B><L m="40.00" c="due"/><L m="2100.00" c="pay"/></B><B><L m="1900.00" c="pay"/><L m="60.00" c="due"/></B></D>
X
cat >queries <<'Q'
/D/B/L[1]/@m
/D/B/L[last()]/@m
/D/B/L[@c='pay']/@m
/D/B/L[@c='pay'][1]/@m
/D/B/L[@c='pay'][last()]/@m
//L[@c='due'][1]/@m
(//L[@c='pay'])[1]/@m
(/D/B/L)[position() mod 2 = 1]/@m
/D/B[2]/preceding::L[1]/@m
/D/B/L[@m='40.00']/following::L[1]/@m
sum(/D/B/L[@c='pay']/@m)
sum(/D/B/L[@c='pay'][1]/@m)
Q
cat >go.mod <<'M'
module try
go 1.25
require (
	github.com/antchfx/xmlquery v1.5.2
	github.com/antchfx/xpath v1.3.9
)
M
cat >main.go <<'G'
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"
)

func main() {
	f, err := os.Open("journal.xml")
	must(err)
	doc, err := xmlquery.Parse(f)
	must(err)
	for s := bufio.NewScanner(os.Stdin); s.Scan(); fmt.Println() {
		e, err := xpath.Compile(s.Text())
		must(err)
		switch v := e.Evaluate(xmlquery.CreateXPathNavigator(doc)).(type) {
		case *xpath.NodeIterator:
			for v.MoveNext() {
				fmt.Print(v.Current().Value(), " ")
			}
		default:
			fmt.Printf("%v ", v)
		}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
cat >Read.java <<'J'
import java.nio.file.*;
import javax.xml.parsers.*;
import javax.xml.xpath.*;
import org.w3c.dom.*;

class Read {
  public static void main(String[] a) throws Exception {
    Document d = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("journal.xml");
    XPath x = XPathFactory.newInstance().newXPath();
    for (String q : Files.readAllLines(Path.of("queries"))) {
      if (q.startsWith("sum(")) {
        System.out.println(Math.round((Double) x.evaluate(q, d, XPathConstants.NUMBER)) + " ");
        continue;
      }
      NodeList l = (NodeList) x.evaluate(q, d, XPathConstants.NODESET);
      for (int i = 0; i < l.getLength(); i++) System.out.print(l.item(i).getNodeValue() + " ");
      System.out.println();
    }
  }
}
J
go mod tidy >/dev/null 2>&1
go list -m github.com/antchfx/xpath github.com/antchfx/xmlquery
xmllint --version 2>&1 | sed -n 1p
java -version 2>&1 | sed -n 1p
go run . <queries >antchfx
java Read.java >jdk
while read -r q; do
  xmllint --xpath "$q" journal.xml | sed 's/m="\([^"]*\)"/\1/g' | xargs -r printf '%s '
  echo
done <queries >libxml2
cmp libxml2 jdk
echo "expected, by XPath 1.0, 2.4 (each predicate filters what the step gives for one context node): as libxml2 and the JDK"
paste -d '|' queries libxml2 antchfx | sed 's/ *|/   libxml2 and JDK: /; s/ *|/   antchfx: /'
cmp libxml2 <<'X'
1800.00 40.00 1900.00 
50.00 2100.00 60.00 
1800.00 200.00 2100.00 1900.00 
1800.00 2100.00 1900.00 
200.00 2100.00 1900.00 
50.00 40.00 60.00 
1800.00 
1800.00 50.00 2100.00 60.00 
50.00 
2100.00 
6000 
5800 
X
cmp antchfx <<'X'
1800.00 40.00 1900.00 
50.00 2100.00 60.00 
1800.00 200.00 2100.00 1900.00 
1800.00 
1900.00 
50.00 
1800.00 
1800.00 50.00 40.00 1900.00 
1800.00 
2100.00 1900.00 
6000 
1800 
X
