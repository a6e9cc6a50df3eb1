// Package settings is what a user has set, in one readable file: which picture
// and size belong to which certificate, time-stamps, trust, output, and how the
// window looks. The command line and the window read the same file.
//
// Load reads it, Check tells what is wrong with the values, Save writes it whole
// and atomically. A file that cannot be read is an error and is left as it is,
// until SetAside gives it another name; what it does not say has the default, and
// what a newer version has said in it is kept. Nothing secret is ever in it: no
// PIN, no password.
package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

var (
	// ErrFile: the file of settings is there and cannot be read or written.
	ErrFile = errors.New("settings: the file cannot be used")
	// ErrValue: a value that cannot be used; the error is a [*ValueError].
	ErrValue = errors.New("settings: a value cannot be used")
	// ErrPassword: an address with a user's name, and so perhaps his password,
	// which the file does not keep. It is ErrValue too.
	ErrPassword = errors.New("settings: names and passwords of users are not kept")
)

// Role is whose work the window shows.
type Role string

// The roles of the window.
const (
	Leader   Role = "leader"  // lãnh đạo
	Clerk    Role = "clerk"   // văn thư
	Archive  Role = "archive" // lưu trữ
	Check    Role = "check"   // kiểm tra văn bản đến
	Officer  Role = "officer" // cán bộ công nghệ thông tin
	NoChoice Role = ""        // nobody has chosen yet
)

// Settings is all of it. Lengths are mm.
type Settings struct {
	Role         Role                   `json:"role,omitempty"`
	Language     string                 `json:"language,omitempty"` // vi or en; "" = as the environment says
	Window       Window                 `json:"window"`
	Profile      string                 `json:"profile,omitempty"`      // layout profile, see package assets; "" = nd30-2020
	Agency       string                 `json:"agency,omitempty"`       // the office's name, for copies
	Symbol       string                 `json:"symbol,omitempty"`       // of the office in numbers: UBND
	Output       string                 `json:"output,omitempty"`       // folder; "" = beside the source
	TSA          string                 `json:"tsa,omitempty"`          // address of the time-stamp authority; "" = none
	Proxy        string                 `json:"proxy,omitempty"`        // address, "" = as the environment says, or NoProxy
	Trust        []string               `json:"trust,omitempty"`        // files and folders with certificates that are trusted
	Modules      []string               `json:"modules,omitempty"`      // the user's own PKCS#11 modules
	Certificates map[string]Certificate `json:"certificates,omitempty"` // by SHA-256 of the certificate, hexadecimal
	Recent       []Recent               `json:"recent,omitempty"`       // newest first

	read map[string]any // the file as it was read: what this version does not know is kept
}

// Window is how the window looks.
type Window struct {
	TextSize  int    `json:"text_size,omitempty"` // percent, 100 when zero
	Theme     string `json:"theme,omitempty"`     // light, dark, contrast, or system; "" = light
	Width     int    `json:"width,omitempty"`
	Height    int    `json:"height,omitempty"`
	ToursSeen []Role `json:"tours_seen,omitempty"`

	Screen  string             `json:"screen,omitempty"`  // the one that the window is on, where there are several
	Screens map[string]float64 `json:"screens,omitempty"` // dots per inch that were measured with a card, by screen
}

// Certificate is what belongs to one certificate.
type Certificate struct {
	Name     string  `json:"name"`              // of its holder, for the reader of the file
	Picture  string  `json:"picture,omitempty"` // file of the signature or seal
	Width    float64 `json:"width,omitempty"`   // of the signature image; zero = fitted to the free space
	Height   float64 `json:"height,omitempty"`
	Diameter float64 `json:"diameter,omitempty"` // of the seal, as entered in the stamp register
	Whose    string  `json:"whose,omitempty"`    // person or organisation, when the user has said so

	// Places is where the last document was signed, by the size of its last page
	// in whole mm ("210x297"): for documents whose text does not tell the place.
	Places map[string]Place `json:"places,omitempty"`
}

// Place is a rectangle on a page that is counted from the last one, mm from its
// top left corner as seen.
type Place struct {
	FromEnd int     `json:"from_end"` // 0: the last page
	X       float64 `json:"x"`
	Y       float64 `json:"y"`
	Width   float64 `json:"width"`
	Height  float64 `json:"height"`
}

// Recent is a document that was worked on.
type Recent struct {
	Path  string `json:"path"`
	State string `json:"state"`
	At    string `json:"at"` // RFC 3339
}

// File is the path of the user's settings.
func File() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrFile, err)
	}
	return filepath.Join(dir, "antin", "settings.json"), nil
}

// Folder is where outputs go, ready for signer.Common.Out: it ends with a separator,
// so that a folder which is not there any more is no name for a file. "" = beside
// the source.
func (s *Settings) Folder() string {
	if s.Output == "" {
		return ""
	}
	return filepath.Clean(s.Output) + string(filepath.Separator)
}
