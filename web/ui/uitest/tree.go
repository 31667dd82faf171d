package uitest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

// Tree is what a screen reader is told of the page: a line for each part, its
// role and its name.
func (b *Browser) Tree() []string {
	b.T.Helper()
	tree, err := chromedp.Call(b.Ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		b.T.Fatalf("browser: tree of the page: %v", err)
	}
	var lines []string
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil {
			continue
		}
		role, name := text(n.Role), ""
		if n.Name != nil {
			name = strings.Join(strings.Fields(text(n.Name)), " ")
		}
		lines = append(lines, strings.TrimSpace(role+" "+name))
	}
	return lines
}

func text(v *accessibility.Value) string {
	var s string
	if json.Unmarshal([]byte(v.Value), &s) != nil {
		return "" // a role and a name are texts
	}
	return s
}

// mute are the roles that say nothing without a name.
var mute = []string{"button", "link", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "radiogroup", "table", "navigation", "progressbar", "Iframe", "image", "heading"}

// named fails the test when a part of the page that needs a name has none, or
// when the page lacks the parts that one finds one's way by.
func (b *Browser) named(page string) {
	b.T.Helper()
	tree := b.Tree()
	for _, line := range tree {
		if slices.Contains(mute, line) {
			b.T.Errorf("%s: a %s without a name", page, line)
		}
	}
	for _, role := range []string{"main", "banner"} {
		if !slices.ContainsFunc(tree, func(line string) bool { return line == role || strings.HasPrefix(line, role+" ") }) {
			b.T.Errorf("%s: no %s", page, role)
		}
	}
}
