package frame

import (
	"context"

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

// Devices is Tokens with what is for the person who looks after them. Its methods
// may be called from any goroutine; ChangePIN takes as long as the token does.
type Devices interface {
	Tokens
	// Modules are the drivers of this machine and what each shows.
	Modules() []signer.ModuleState
	// Look asks all drivers again; Listen tells when that changed something.
	Look()
	// ChangePIN is that of signer.TokenList.
	ChangePIN(ctx context.Context, t token.Token, old, next []byte, opts ...token.LoginOption) error
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
