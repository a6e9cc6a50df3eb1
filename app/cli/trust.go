package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"antin/signer/home"
	"antin/signer/trust"
)

// store is whom to believe: the user's offline store and the files named. A
// store that cannot be opened is told and done without.
func (c *command) store(files []string) (*trust.Store, error) {
	s := &trust.Store{}
	if v, err := home.Vault(); err == nil {
		s = v.Store()
	} else {
		c.words.Write(c.Stderr, c.words.Explain(err))
	}
	return s, s.AddFiles(files...)
}

// trust shows and changes the user's offline store.
func (c *command) trust(_ context.Context, args []string) (int, error) {
	var asJSON bool
	f := c.flags("trust")
	f.BoolVar(&asJSON, "json", false, "")
	words, err := f.parse(args)
	if err != nil {
		return exitUsage, err
	}
	if len(words) == 0 {
		words = []string{"list"}
	}
	v, err := home.Vault()
	if err != nil {
		return exitFor(err), err
	}
	do := map[string]func(*trust.Vault, []string) error{
		"import": c.importTrust, "accept": c.acceptTrust, "remove": c.removeTrust,
		"list": func(v *trust.Vault, _ []string) error { c.listTrust(v, asJSON); return nil },
	}[words[0]]
	if do == nil || (words[0] == "list") != (len(words) == 1) {
		return exitUsage, &usageError{c.words.Text("usage.trust")}
	}
	if err := do(v, words[1:]); err != nil {
		return exitFor(err), err
	}
	return exitDone, nil
}

// trustTexts name the kinds of entries.
var trustTexts = map[string]string{
	"anchor": "trust.anchor", "certificate": "trust.certificate", "CRL": "trust.list", "OCSP": "trust.answer",
}

func (c *command) listTrust(v *trust.Vault, asJSON bool) {
	now := time.Now()
	entries := v.Entries()
	for _, e := range entries {
		if asJSON {
			writeJSON(c.Stdout, trustRecord{
				Schema: "antin/trust/1", What: e.What, SHA256: e.SHA256, Name: e.Name, Pinned: e.Pin != nil, Revoked: e.Revoked,
				ThisUpdate: timeOf(e.ThisUpdate), NextUpdate: timeOf(e.NextUpdate), Outdated: e.Outdated(now), Usable: e.Problem == nil,
			})
			continue
		}
		fmt.Fprintln(c.Stdout, c.words.Text("trust.entry", c.words.Text(trustTexts[e.What]), e.Name, e.SHA256[:12]))
		switch {
		case e.Problem != nil:
			fmt.Fprintln(c.Stdout, "    "+c.words.Text("trust.unusable", e.Problem))
		case e.What == "CRL" || e.What == "OCSP":
			fmt.Fprintln(c.Stdout, "    "+c.words.Text("trust.age", c.words.Time(e.ThisUpdate), int(e.Age(now).Hours())))
			if e.Outdated(now) {
				fmt.Fprintln(c.Stdout, "    "+c.words.Text("trust.outdated", c.words.Time(e.NextUpdate)))
			}
		case !e.NextUpdate.IsZero():
			fmt.Fprintln(c.Stdout, "    "+c.words.Text("trust.until", c.words.Date(e.NextUpdate)))
		}
	}
	if len(entries) == 0 && !asJSON {
		fmt.Fprintln(c.Stdout, c.words.Text("trust.empty"))
	}
	for _, path := range c.settings().Trust {
		if !asJSON {
			fmt.Fprintln(c.Stdout, c.words.Text("trust.also", path))
		}
	}
}

// importTrust takes certificates and lists from files and folders, such as a
// USB stick. A root that no pin knows is kept and believed only when accepted.
func (c *command) importTrust(v *trust.Vault, paths []string) error {
	made, err := v.Import(paths...)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.Stdout, c.words.Text("trust.imported", made.Certificates, made.Lists, made.Answers, made.Known))
	for _, a := range made.Anchors {
		fmt.Fprintln(c.Stdout, c.words.Text("trust.pinned", a.Subject.CommonName))
	}
	for _, r := range made.Roots {
		fmt.Fprintln(c.Stdout, c.words.Text("trust.root", r.Subject.CommonName, holderOf(r).SHA256[:12]))
	}
	for _, p := range made.Problems {
		c.words.Write(c.Stderr, c.words.Explain(p))
	}
	return nil
}

// acceptTrust makes a kept certificate an anchor by the user's decision.
func (c *command) acceptTrust(v *trust.Vault, ids []string) error {
	for _, id := range ids {
		e, err := c.entry(v, id)
		if err != nil {
			return err
		}
		if e.Certificate == nil {
			return &problem{"KS-631", fmt.Errorf("%q is no certificate", id)}
		}
		if err := v.Trust(e.Certificate); err != nil {
			return err
		}
		fmt.Fprintln(c.Stdout, c.words.Text("trust.accepted", e.Name))
	}
	return nil
}

func (c *command) removeTrust(v *trust.Vault, ids []string) error {
	for _, id := range ids {
		e, err := c.entry(v, id)
		if err != nil {
			return err
		}
		if _, err := v.Remove(e.SHA256); err != nil {
			return err
		}
		fmt.Fprintln(c.Stdout, c.words.Text("trust.removed", e.Name))
	}
	return nil
}

// entry is the one whose SHA-256 begins with id, six digits or more.
func (c *command) entry(v *trust.Vault, id string) (trust.Entry, error) {
	var found []trust.Entry
	for _, e := range v.Entries() {
		if len(id) >= 6 && strings.HasPrefix(e.SHA256, strings.ToLower(id)) {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		return trust.Entry{}, &problem{"KS-631", fmt.Errorf("%q fits nothing in the store", id)}
	}
	return found[0], nil
}
