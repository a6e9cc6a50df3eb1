package assets

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed modules.json
var modulesJSON []byte

// PKCS11Module is an entry of the table of known PKCS#11 modules: the library
// through which a kind of token is used.
type PKCS11Module struct {
	Name   string   `json:"name"` // of the token or certification authority, for people
	Vendor string   `json:"vendor"`
	OS     string   `json:"os"`    // as runtime.GOOS
	Paths  []string `json:"paths"` // absolute; may hold %VARIABLES% (Windows) and * as in path/filepath.Glob; best first
	// Certainty that these are the files: A two or more independent sources or
	// seen running, B one source, C weak.
	Certainty string `json:"certainty"`
	Relay     bool   `json:"relay,omitempty"` // shows the tokens of other modules once more
	Note      string `json:"note,omitempty"`
}

// TokenATR tells which module a token needs by its answer to reset (ISO/IEC
// 7816-3), which the reader gives without any driver of the vendor. The answer
// belongs to the chip and its operating system, so that one may stand for the
// tokens of several sellers.
type TokenATR struct {
	ATR       string `json:"atr"`       // upper-case hexadecimal; ".." is any byte, "*" at the end any rest
	Name      string `json:"name"`      // of the module, see PKCS11Module.Name
	Certainty string `json:"certainty"` // as in PKCS11Module
	Note      string `json:"note,omitempty"`
}

type moduleTable struct {
	Modules []PKCS11Module `json:"modules"`
	ATRs    []TokenATR     `json:"atrs"`
}

var parseModules = sync.OnceValue(func() moduleTable {
	var t moduleTable
	if err := json.Unmarshal(modulesJSON, &t); err != nil {
		panic(fmt.Sprintf("assets: modules.json: %v", err)) // our own file, see TestPKCS11Modules
	}
	return t
})

// PKCS11Modules is the table for all systems. Entries that stand earlier are to
// be preferred when several modules show the same token. The table is shared:
// do not change it.
func PKCS11Modules() []PKCS11Module { return parseModules().Modules }

// TokenATRs are the known answers to reset. The table is shared: do not change it.
func TokenATRs() []TokenATR { return parseModules().ATRs }
