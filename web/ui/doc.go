// Package ui is what the pages of the console and of the agents' portal share:
// layout, components, one style sheet, one script, languages, sessions and
// sign-in. It knows nothing of payrolls, vaults or declarations.
//
// # Glossary
//
//	Site      one set of pages behind one sign-in: the console, or the portal
//	Call      one request to a Site: who asks, in which language, and how to answer
//	Session   who is signed in, kept on the server; the cookie is a random word
//	Profile   what a Site keeps of an account: second factors, links, language
//	Store     where Profiles are kept; the vault's fiches in the product
//	Accounts  who may sign in with a password
//	Link      a one-time address: first administrator, invitation, new password
//	kept form what was typed into a form when the session was gone
//
// # How to build a page
//
// A page is a Go file with its template beside it, in a package of its own
// ([Site.Templates] takes the embedded files once):
//
//	site.Private("GET /gestion/flux", func(c *ui.Call) error {
//		rows, err := send.List(c.Context(), c.Session.Login)
//		if err != nil {
//			return err // a page: an anomaly says what and what to do, else a number that is in the log
//		}
//		p := c.Page(c.T("Flux", "Flux"))
//		p.Data = struct{ Table ui.Table }{fluxTable(c, rows)}
//		return c.Render(http.StatusOK, "flux", p)
//	})
//
// flux.html holds {{define "content"}}…{{end}} and is called with the [Page];
// .Data is the page's own. Texts are written in both languages where they
// stand: {{t "Envoyé" "Sent"}}, with fmt verbs and arguments after; in Go it is
// c.T. Components are templates that take a struct of the same name:
//
//	{{template "form" .Data.Form}}          Form, with its error summary
//	{{template "field" (.Data.Form.Field "nom")}}   one Field of it, for a layout of one's own
//	{{template "table" .Data.Table}}        Table: caption, sorting links, empty state, pages, CSV
//	{{template "badge" .Badge}}             Badge: a state, with a sign and a word
//	{{template "progress" .Progress}}       Progress, counted by the server
//	{{template "facts" .Facts}}             []Fact: names and values
//	{{template "notice" .Notice}}           Notice: what happened, what to do
//	{{template "timeline" .Steps}}          []Step
//	{{template "confirm" .Confirm}}         Confirm: the end of an action, with its reference
//	{{template "panel" .Panel}}             Panel: a PDF beside its facts
//
// What changes is a POST, and ends with [Call.Redirect] to a page that shows it
// (?fait=CODE shows a text of [Site.Notices]). [Form] keeps what was typed when
// something is refused. A form with Once set can be sent twice without doing
// the thing twice. [Call.Recent] asks for the password again before what cannot
// be undone. Live parts are an element with data-live="URL" that the script
// asks for again each second, and Page.Refresh does for those without script.
//
// For pages of one account, ask the owner of the data with c.Session.Login and
// return [ErrNotFound] for whatever is not his: the answer is the same page as
// for what does not exist.
//
// # Sources
//
// RFC 6238 (TOTP), Web Authentication Level 3, OpenID Connect Core 1.0, the
// documentation of ProConnect for its differences, WCAG 2.1 AA.
//
// It sends no mail, holds no password, and grants no right.
package ui
