package lang

// A program in a browser has no network: none of these happens there.
func otherName(error) bool        { return false }
func unknownAuthority(error) bool { return false }
func notTLS(error) bool           { return false }
func unknownHost(error) bool      { return false }
func expired(error) bool          { return false }

func wirePlace(error) (Text, string) { return Text{}, "" }
