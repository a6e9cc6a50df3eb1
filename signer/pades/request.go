package pades

import (
	"context"
	"crypto"
	"crypto/x509"
	"time"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/pdffile"
)

// Key is a private key that stays where it is, on a token or in a test.
type Key interface {
	Certificate() *x509.Certificate
	Chain() []*x509.Certificate // issuing CAs as far as known

	// Sign signs message itself, not its digest, with hash h. It is called once
	// for a signature and never again after an error.
	Sign(ctx context.Context, message []byte, h crypto.Hash, s cms.Scheme) ([]byte, error)
}

// Request says what one signature is to be. Only Key is needed; the rest may
// stay zero.
type Request struct {
	Key  Key
	Hash crypto.Hash // SHA-256 when zero; SHA-384, SHA-512
	PSS  bool        // RSASSA-PSS instead of PKCS#1 v1.5 for RSA keys
	TSA  *cms.TSA    // level B-T when set

	Time     time.Time // claimed signing time, /M; now when zero
	Name     string    // of the signer, as shown by viewers
	Reason   string
	Location string

	Field string           // an existing empty signature field to fill; "" makes a new one
	Page  int              // of a new field, from 1
	Box   pdffile.Box      // of a new field, mm on the page as seen; zero = invisible
	Look  *appearance.Look // what the field shows, of the size of its box

	Fill []Value            // text fields filled in the same revision
	Lock *pdffile.FieldLock // fields that nobody may change afterwards
	Text []TextField        // empty text fields made in the same revision; first signature only

	Certify int // DocMDP permission 1–3 of a certification; 0 = approval. First signature only.
}

// Value fills one existing text field that is empty.
type Value struct {
	Field    string
	Text     string
	Look     *appearance.Look // the text as shown, of the size of the field's widget
	ReadOnly bool
}

// TextField is an empty text field to be filled later without breaking the
// signature that made it: the place of the number or the date.
type TextField struct {
	Name string // without a dot
	Page int    // from 1
	Box  pdffile.Box
	Size float64 // pt, for viewers that let the field be typed into
}

// Made tells what Write has written.
type Made struct {
	Field        string // name of the signature field
	Size         int64  // bytes of the new file
	Source       int64  // bytes of its untouched prefix
	SignedAt     time.Time
	Stamp        *cms.Token // nil at level B-B
	StampProblem error      // why a wished time-stamp is missing
}
