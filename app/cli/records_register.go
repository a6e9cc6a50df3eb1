package cli

import (
	"time"

	"antin/signer/register"
)

// registerRecord is the schema antin/register/1: one number of a book.
type registerRecord struct {
	Schema   string             `json:"schema"`
	Number   string             `json:"number"`
	Date     *time.Time         `json:"date"`
	State    string             `json:"state"` // reserved, issued, copied, corrected
	Entry    int64              `json:"entry"`
	At       *time.Time         `json:"at"`
	SHA256   string             `json:"sha256"` // of the entry and all before it
	Document *register.Document `json:"document,omitempty"`
	Copy     *register.Copy     `json:"copy,omitempty"`
}

// gapRecord is the schema antin/register-gap/1: numbers that nobody has.
type gapRecord struct {
	Schema string `json:"schema"`
	Period string `json:"period"`
	From   string `json:"from"`
	To     string `json:"to"`
	Count  int    `json:"count"`
}

// integrityRecord is the schema antin/register-check/1.
type integrityRecord struct {
	Schema  string `json:"schema"`
	Sound   bool   `json:"sound"`
	Fault   string `json:"fault,omitempty"` // edited, missing, cut-off, no-head, wrong-numbers, wrong-contents
	Entry   int64  `json:"entry,omitempty"` // the first that is wrong or missing
	Entries int64  `json:"entries"`
	Head    string `json:"head"` // hash of the newest entry
}

// waitingRecord is the schema antin/register-waiting/1: a document without the
// time-stamp that was wanted.
type waitingRecord struct {
	Schema string     `json:"schema"`
	Output string     `json:"output"`
	SHA256 string     `json:"sha256"`
	At     *time.Time `json:"at"`
}
