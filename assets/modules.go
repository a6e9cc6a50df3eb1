package assets

import (
	_ "embed"
	"encoding/json"
	"fmt"
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
	Note      string `json:"note,omitempty"`
}

// PKCS11Modules is the table for all systems. Entries that stand earlier are to
// be preferred when several modules show the same token.
func PKCS11Modules() []PKCS11Module {
	var modules []PKCS11Module
	if err := json.Unmarshal(modulesJSON, &modules); err != nil {
		panic(fmt.Sprintf("assets: modules.json: %v", err)) // our own file, see TestPKCS11Modules
	}
	return modules
}
