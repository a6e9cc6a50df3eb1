package frame

import (
	"antin/signer"
	"antin/signer/pades"
	"antin/signer/token"
)

// Tokens is what is plugged in, kept current. Its methods may be called from any
// goroutine.
type Tokens interface {
	// State is what is plugged in now; it does not wait for a listing.
	State() TokenState
	// Listen calls changed on the user interface's goroutine after every change,
	// until stop is called.
	Listen(changed func()) (stop func())
	// Key is the key of a certificate on a token, see signer.TokenList.Key. It may
	// take a second: call it beside the user interface.
	Key(who string, ask signer.PINFunc) (Key, error)
}

// Key is a key on a token while documents are signed with it; see
// signer.TokenKey.
type Key interface {
	pades.Key
	Token() token.Token
	Close() error
}

// TokenState is what is plugged in at one moment.
type TokenState struct {
	Looking bool // the first listing is not done yet
	Tokens  []token.Token
	Problem error // why there is none, nil when there is one
}

// Signers are the certificates that can sign, with their tokens.
func (s TokenState) Signers() []token.Candidate {
	var out []token.Candidate
	for _, t := range s.Tokens {
		for _, c := range t.Signers() {
			out = append(out, token.Candidate{Token: t, Certificate: c})
		}
	}
	return out
}
