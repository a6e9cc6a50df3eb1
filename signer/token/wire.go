package token

// What program and helper say to each other: JSON requests and replies. The PIN
// is no part of it, it travels in the secret frame of package worker.

// Operations.
const (
	opList   = "list"
	opOpen   = "open"  // all of a login that needs no PIN
	opLogin  = "login" // C_Login, so that a helper lost in it is known to have had the PIN
	opKey    = "key"   // what can be found only after the login
	opSign   = "sign"
	opClose  = "close"
	opChange = "change" // C_SetPIN; the secret is made by pinPair
)

type request struct {
	Op      string
	Session string `json:",omitempty"` // made up by the program at login: the next helper does not know it

	// open, change
	Slot        uint   `json:",omitempty"` // where the token was seen last
	Serial      string `json:",omitempty"`
	Label       string `json:",omitempty"`
	Certificate []byte `json:",omitempty"` // DER
	Confirmed   bool   `json:",omitempty"` // the user knows that it is the last try
	Idle        int64  `json:",omitempty"` // nanoseconds after which an unused login is closed

	// sign
	Message []byte `json:",omitempty"`
	Hash    uint   `json:",omitempty"` // crypto.Hash
	Scheme  int    `json:",omitempty"` // cms.Scheme
}

type reply struct {
	Tokens    []tokenRecord `json:",omitempty"`
	PIN       *PINState     `json:",omitempty"` // open: as the flags say now
	Unchecked bool          `json:",omitempty"` // login: the driver was logged in already and did not look at the PIN
	Signature []byte        `json:",omitempty"`
	Asked     bool          `json:",omitempty"` // sign: the token checked the PIN for this signature
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
