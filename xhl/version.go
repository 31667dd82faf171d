package xhl

// Version is a version of the XHL schema.
type Version uint8

const (
	V14  Version = iota // Paye 1.4, 2011-08-17
	V12b                // Paye 1.2b, 2008-04-25
)

func (v Version) String() string {
	if v == V12b {
		return "1.2b"
	}
	return "1.4"
}
