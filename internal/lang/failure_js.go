package lang

// A program in a browser has no network, and starts no other: none of these
// happens there.
func otherName(error) bool        { return false }
func unknownAuthority(error) bool { return false }
func notTLS(error) bool           { return false }
func unknownHost(error) bool      { return false }
func expired(error) bool          { return false }
func noProgram(error) bool        { return false }

func outside(error) (Text, string) { return Text{}, "" }
