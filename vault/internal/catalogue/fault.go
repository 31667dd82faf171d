package catalogue

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"

	"paye/vault/internal/faults"
)

// Results of SQLite that say that the file is no sound database.
const (
	corrupt     = 11
	notDatabase = 26
)

// Fault says what was being done when the catalogue answered with err: the
// anomaly of a damaged catalogue, which the journal can make again, or an error
// of the machine.
func Fault(err error, doing string, args ...any) error {
	doing = fmt.Sprintf(doing, args...)
	var said *sqlite.Error
	if errors.As(err, &said) && (said.Code()&0xff == corrupt || said.Code()&0xff == notDatabase) {
		return fmt.Errorf("%s: %w (%w)", doing, faults.Codes.New("COF-110"), err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
