package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Field is one question of a form.
type Field struct {
	Name         string
	Form         string // tells apart two fields of one name on a page
	Label        string
	Hint         string
	Type         string // text (also ""), password, email, number, date, search, textarea, select, radios, checkbox, checkboxes, file, hidden
	Required     bool
	Autocomplete string
	Inputmode    string
	Max          int // characters; 200 when 0
	Size         int // of the box, in characters; wide when 0
	Options      []Option
	Default      string

	Value  string
	Values []string // of checkboxes
	Error  string
}

// Option is an answer of a select, of radios or of checkboxes.
type Option struct {
	Value, Text, Hint string
	Disabled          bool
}

// Chosen reports whether an option is.
func (f Field) Chosen(value string) bool {
	if f.Type == "checkboxes" {
		return slices.Contains(f.Values, value)
	}
	return f.Value == value
}

// ID is the id of the element.
func (f Field) ID() string {
	if f.Form != "" {
		return "f-" + f.Form + "-" + f.Name
	}
	return "f-" + f.Name
}

// Limit is how many characters the box takes.
func (f Field) Limit() int {
	if f.Max == 0 {
		return 200
	}
	return f.Max
}

// Described lists the elements that describe the field.
func (f Field) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// Form is a form: its fields with what was typed and what is wrong with it.
type Form struct {
	Action string
	Get    bool // a search: it changes nothing
	Submit string
	Danger bool // the button destroys something
	Cancel string
	Files  bool // it has a file field
	Once   string
	Fields []*Field
	Errors []FieldError // of no field in particular have an empty Name

	c *Call
}

// FieldError is what is wrong with a field.
type FieldError struct{ Name, Text, id string }

// Form makes a form that is sent to action by a button called submit.
func (c *Call) Form(action, submit string, fields ...Field) *Form {
	f := &Form{Action: action, Submit: submit, c: c}
	for _, field := range fields {
		field.Value = field.Default
		f.Fields = append(f.Fields, &field)
		f.Files = f.Files || field.Type == "file"
	}
	return f
}

// formBytes is how large a form without files may be.
const formBytes = 256 << 10

// Read takes what was sent. Values that are too long or not among the options
// are faults of their field; so is an empty one that is required. It reports
// whether nothing is wrong.
func (f *Form) Read() bool {
	r := f.c.R
	r.Body = http.MaxBytesReader(f.c.W, r.Body, formBytes)
	if err := r.ParseForm(); err != nil {
		f.Fail("", f.c.T("Le formulaire n’est pas arrivé en entier : envoyez-le à nouveau.", "The form did not arrive whole: send it again."))
		return false
	}
	values := r.PostForm
	if f.Get {
		values = r.Form
	}
	return f.Fill(values)
}

// Fill takes values from elsewhere, such as a multipart form.
func (f *Form) Fill(values url.Values) bool {
	f.Once = values.Get("envoi")
	for _, field := range f.Fields {
		f.take(field, values)
	}
	return !f.Failed()
}

func (f *Form) take(field *Field, values url.Values) {
	if field.Type == "file" {
		return
	}
	field.Values = values[field.Name]
	field.Value = values.Get(field.Name)
	if field.Type != "password" && field.Type != "textarea" {
		field.Value = strings.TrimSpace(field.Value)
	}
	switch {
	case !utf8.ValidString(field.Value) || strings.ContainsRune(field.Value, 0):
		field.Value = ""
		f.Fail(field.Name, f.c.T("Ce texte ne se lit pas.", "This text cannot be read."))
	case utf8.RuneCountInString(field.Value) > field.Limit():
		f.Fail(field.Name, f.c.T("Pas plus de %d caractères.", "At most %d characters.", field.Limit()))
	case field.Value == "" && field.Required:
		f.Fail(field.Name, f.c.T("À remplir : %s.", "Fill in: %s.", lowerFirst(field.Label)))
	case len(field.Options) > 0 && !field.offered():
		f.Fail(field.Name, f.c.T("Choisissez parmi ce qui est proposé.", "Choose among what is offered."))
	}
}

// offered reports whether every answer is one of the options.
func (f *Field) offered() bool {
	for _, v := range f.Values {
		if v != "" && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == v && !o.Disabled }) {
			return false
		}
	}
	return true
}

// Fail notes a fault of a field, or of the form when name is empty.
func (f *Form) Fail(name, text string) {
	e := FieldError{name, text, "f-" + name}
	if field := f.Field(name); field != nil {
		e.id = field.ID()
		if field.Error == "" {
			field.Error = text
		}
	}
	f.Errors = append(f.Errors, e)
}

// Failed reports whether something is wrong.
func (f *Form) Failed() bool { return len(f.Errors) > 0 }

// Field gives a field by its name, nil when there is none.
func (f *Form) Field(name string) *Field {
	for _, field := range f.Fields {
		if field.Name == name {
			return field
		}
	}
	return nil
}

// Value is what was typed into a field. It panics on a field that the form
// does not have.
func (f *Form) Value(name string) string {
	field := f.Field(name)
	if field == nil {
		panic(fmt.Sprintf("ui: the form of %s has no field %s", f.Action, name))
	}
	return field.Value
}

// Link is what the error summary links to.
func (e FieldError) Link() string { return "#" + e.id }

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ToLower(string(r)) + s[n:]
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[n:]
}
