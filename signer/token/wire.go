package token

// What program and helper say to each other: JSON requests and replies. The PIN
// is no part of it, it travels in the secret frame of package worker.

// Operations.
const (
	opList  = "list"
	opLogin = "login"
	opSign  = "sign"
	opClose = "close"
)

type request struct {
	Op      string
	Session string `json:",omitempty"` // made up by the program at login: the next helper does not know it

	// login
	Slot        uint   `json:",omitempty"` // where the token was seen last
	Serial      string `json:",omitempty"`
	Label       string `json:",omitempty"`
	Certificate []byte `json:",omitempty"` // DER
	Confirmed   bool   `json:",omitempty"` // the user knows that it is the last try

	// sign
	Message []byte `json:",omitempty"`
	Hash    uint   `json:",omitempty"` // crypto.Hash
	Scheme  int    `json:",omitempty"` // cms.Scheme
}

type reply struct {
	Tokens    []tokenRecord `json:",omitempty"`
	Signature []byte        `json:",omitempty"`
}

type tokenRecord struct {
	Slot                                       uint
	Label, Serial, Model, Manufacturer, Reader string
	PIN                                        PINState
	Certificates                               []certificateRecord `json:",omitempty"`
	Problem                                    *errorRecord        `json:",omitempty"`
}

type certificateRecord struct {
	DER   []byte
	ID    []byte `json:",omitempty"`
	Label string `json:",omitempty"`
}
