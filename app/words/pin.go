package words

import "antin/signer/token"

// PINName is the state of a PIN as one word, for records: ok, low, final-try,
// locked, must-change, not-set.
func PINName(s token.PINState) string {
	switch {
	case s.Locked:
		return "locked"
	case !s.Set:
		return "not-set"
	case s.MustChange:
		return "must-change"
	case s.FinalTry:
		return "final-try"
	case s.Low:
		return "low"
	}
	return "ok"
}

var pinTexts = map[string]string{
	"ok": "tokens.pin-ok", "low": "tokens.pin-low", "final-try": "tokens.pin-final-try", "locked": "tokens.pin-locked",
	"must-change": "tokens.pin-must-change", "not-set": "tokens.pin-not-set",
}

// PIN is the state of a PIN in words.
func (l Language) PIN(s token.PINState) string { return l.Text(pinTexts[PINName(s)]) }
