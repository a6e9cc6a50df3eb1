package assets

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed anchors.json
var anchorsJSON []byte

// Anchor names a CA certificate of the Vietnamese government (chữ ký số công vụ)
// or of the national root by its fingerprint. The certificate itself is not
// shipped: it comes from a token, a document or a file, and the fingerprint
// tells that it is the one.
type Anchor struct {
	Name       string `json:"name"`       // common name of the subject
	Generation string `json:"generation"` // "G1" (signed with SHA-1, to 2030), "G2" (SHA-256, to 2048) or "public" (not of the government)
	Role       string `json:"role"`       // "root" or "issuing"
	Branch     string `json:"branch,omitempty"`
	SHA256     string `json:"sha256"`           // of the certificate's DER, 64 upper case hexadecimal digits
	SKI        string `json:"ski,omitempty"`    // subject key identifier, hexadecimal; "" = not known
	Serial     string `json:"serial,omitempty"` // hexadecimal; "" = not known
	From       string `json:"from,omitempty"`   // first and last day of validity, YYYY-MM-DD, UTC; "" = not known
	To         string `json:"to,omitempty"`

	// Certainty that the fingerprint is the CA's: A computed from two
	// independent public copies of the certificate, B from one, C read
	// somewhere while the certificate was not seen.
	Certainty string `json:"certainty"`
	Note      string `json:"note,omitempty"`
}

// Anchors is the table of known CA certificates.
func Anchors() []Anchor {
	var anchors []Anchor
	if err := json.Unmarshal(anchorsJSON, &anchors); err != nil {
		panic(fmt.Sprintf("assets: anchors.json: %v", err)) // our own file, see TestAnchors
	}
	return anchors
}
