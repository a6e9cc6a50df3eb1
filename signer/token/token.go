// Package token uses signature tokens (USB tokens, smart cards) through the
// PKCS#11 modules of their vendors: OASIS PKCS #11 Cryptographic Token Interface
// Base Specification 2.40.
//
// [Modules] tells which known modules exist on this machine. [Open] makes a
// [Driver] for one of them; [Driver.Tokens] lists its tokens and their
// certificates without a PIN, [Select] finds the certificate a user meant, and
// [Driver.Login] opens a [Session] that signs. One login serves many signatures;
// close the session as soon as they are made.
//
// A module is foreign code that may crash or hang, so each runs in a helper
// process (package worker): the program must hand `EXE worker token MODULE` to
// [ServeModule]. A helper that was lost is replaced at the next call; its
// sessions are gone then. A module that crashes again and again is given up, see
// [Crashes].
//
// A PIN is tried once and never again by itself, since tokens lock after as few
// as three wrong ones; a [PINLog] counts the wrong ones across runs. Signing
// opens tokens for reading only. The one thing ever written to a token is a new
// PIN ([Driver.ChangePIN]); nothing is unblocked or deleted here.
package token

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
)

// Token is what a module tells about one token without a PIN. Texts are cleaned
// for display: valid UTF-8 without control characters.
type Token struct {
	Module       string // path of the module that shows it
	Slot         uint   // may change when readers are plugged in and out
	Label        string
	Serial       string
	Model        string
	Manufacturer string
	Reader       string // name of the reader or USB port
	PIN          PINState
	Certificates []Certificate // all that could be read, CA certificates included
	// Problem tells what could not be read; the rest of the token may be used.
	Problem error
}

// Certificate is a certificate on a token. It is identified by its bytes: label
// and ID may be shared with others, as after a renewal.
type Certificate struct {
	X509  *x509.Certificate
	ID    []byte // CKA_ID, may be empty
	Label string
	CA    bool // a certification authority's: chain material, no signer
}

// PINState is what the token's flags say about the user's PIN. Not every driver
// sets them (OpenSC says nothing while two tries are left).
type PINState struct {
	Set        bool // a PIN was ever set
	Low        bool // a wrong PIN was entered since the last right one
	FinalTry   bool // the next wrong PIN locks the token
	Locked     bool
	MustChange bool // the PIN has to be changed with the vendor's program first
	Pad        bool // the PIN is entered on the reader or in the driver's own window
	Min, Max   int  // length in bytes as the token tells it; not reliable
	Wrong      int  // wrong PINs in a row that this program counted, see PINLog; Low and FinalTry take them into account
}

// Signers are the certificates of t that may be offered for signing: not a CA's,
// and with a key usage that allows signatures.
func (t Token) Signers() []Certificate {
	var out []Certificate
	for _, c := range t.Certificates {
		if c.signer() {
			out = append(out, c)
		}
	}
	return out
}

func (c Certificate) signer() bool {
	// RFC 5280, 4.2.1.3: an absent extension restricts nothing.
	const signing = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	return !c.CA && (c.X509.KeyUsage == 0 || c.X509.KeyUsage&signing != 0)
}

// SHA256 is the fingerprint of the certificate in lower-case hexadecimal.
func (c Certificate) SHA256() string {
	sum := sha256.Sum256(c.X509.Raw)
	return hex.EncodeToString(sum[:])
}

// isCA also covers old roots without extensions (X.509 version 1).
func isCA(c *x509.Certificate) bool {
	return c.IsCA || c.KeyUsage&x509.KeyUsageCertSign != 0 ||
		c.Version < 3 && string(c.RawIssuer) == string(c.RawSubject)
}

// chainOf collects the issuers of cert among the CA certificates of the token,
// the nearest first, as far as the signatures hold.
func chainOf(cert *x509.Certificate, on []Certificate) []*x509.Certificate {
	var chain []*x509.Certificate
	for child := cert; len(chain) < 8 && string(child.RawIssuer) != string(child.RawSubject); {
		var issuer *x509.Certificate
		for _, c := range on {
			if c.CA && string(c.X509.RawSubject) == string(child.RawIssuer) && child.CheckSignatureFrom(c.X509) == nil {
				issuer = c.X509
				break
			}
		}
		if issuer == nil {
			break
		}
		chain = append(chain, issuer)
		child = issuer
	}
	return chain
}
