package fluxbook

// LateBook is a book that may not be there yet. What only reads finds that nothing
// is in it; it is made when there is something to write.
type LateBook struct {
	Book *Book // nil where none was made
	Make func() (*Book, error)
}

// Open is the book, made when it was not there.
func (l *LateBook) Open() (*Book, error) {
	if l.Book != nil {
		return l.Book, nil
	}
	var err error
	l.Book, err = l.Make()
	return l.Book, err
}

// Close closes a book that is open.
func (l *LateBook) Close() error {
	if l.Book == nil {
		return nil
	}
	return l.Book.Close()
}
