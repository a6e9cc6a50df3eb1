package trust

import (
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Imported is what Vault.Import found.
type Imported struct {
	Certificates int // of CAs, new
	Lists        int // new
	Answers      int // new
	Known        int // were there already
	Passed       int // certificates of people and sites

	Anchors []*x509.Certificate // those of Certificates that became anchors, as a pin fits
	Roots   []*x509.Certificate // self-signed and not pinned: kept, and believed only after Vault.Trust

	Problems []error // of files that could not be read or written
}

// importDepth is how many folders deep an import looks.
const importDepth = 4

// Import takes CA certificates, revocation lists and OCSP answers, DER, PEM or
// PKCS #7, from files and folders, such as those on a USB stick, into the vault.
// Only pinned certificates become anchors. What is nothing of the kind is passed over in
// folders; a named file of this sort is among the problems (ErrNothing). The
// error is of a path that is not there. Stores made before do not see what was
// imported.
func (v *Vault) Import(paths ...string) (*Imported, error) {
	result := &Imported{}
	for _, path := range paths {
		named, err := listFiles(path, importDepth)
		if err != nil {
			return result, fmt.Errorf("trust: importing: %w", err)
		}
		for _, file := range named.files {
			b, err := readFile(file, maxFile)
			var in *found
			if err == nil {
				if in = split(b); in.count() == 0 {
					err = fmt.Errorf("%w: %q", ErrNothing, file)
				}
			}
			switch {
			case err == nil:
				v.take(in, result)
			case !named.folder || !errors.Is(err, ErrNothing):
				result.Problems = append(result.Problems, err)
			}
		}
	}
	return result, nil
}

func (v *Vault) take(in *found, result *Imported) {
	put := func(k kind, topic string, der []byte, count *int) bool {
		fresh, err := v.put(k, topic, der)
		switch {
		case err != nil:
			result.Problems = append(result.Problems, err)
		case fresh:
			*count++
		default:
			result.Known++
		}
		return fresh
	}
	pins := &Store{}
	for _, c := range in.certificates {
		pinned := pins.Offer(c)
		switch {
		case !pinned && !isCA(c):
			result.Passed++
		case !put(authorities, "", c.Raw, &result.Certificates):
		case pinned:
			result.Anchors = append(result.Anchors, c)
		case selfSigned(c):
			result.Roots = append(result.Roots, c)
		}
	}
	for _, l := range in.lists {
		put(lists, string(l.RawIssuer), l.Raw, &result.Lists)
	}
	for _, a := range in.answers {
		for _, serial := range a.serials() {
			put(answers, serial, a.der, &result.Answers)
		}
	}
}

// Trust makes cert an anchor from now on, by the user's decision.
func (v *Vault) Trust(cert *x509.Certificate) error {
	_, err := v.put(anchors, "", cert.Raw)
	return err
}

// Entry is one file of a vault, for people.
type Entry struct {
	What   string // "anchor", "certificate", "CRL", "OCSP"
	SHA256 string // of the content, lower case hexadecimal; the name for Remove
	Size   int64  // bytes
	Kept   time.Time

	Name        string            // the CA's; of an answer the serial number it is about
	Certificate *x509.Certificate // of "anchor" and "certificate"
	Pin         *Pin              // the known CA it is; nil = none
	Revoked     int               // entries of a list

	ThisUpdate time.Time // of lists and answers: state of knowledge
	NextUpdate time.Time // zero = none promised; of certificates: their end

	Problem error // why it is not used; then the rest may be missing
}

// Age of what a list or answer says, at the time now.
func (e Entry) Age(now time.Time) time.Duration { return now.Sub(e.ThisUpdate) }

// Outdated tells whether a newer list or answer was promised for now.
func (e Entry) Outdated(now time.Time) bool {
	return !e.NextUpdate.IsZero() && now.After(e.NextUpdate)
}

// Entries are all files of the vault, damaged ones too. Whether somebody signed
// lists and answers is checked when they are used.
func (v *Vault) Entries() []Entry {
	var all []Entry
	for _, k := range kinds {
		for _, f := range v.files(k) {
			e := Entry{SHA256: f.sha256, Size: f.size, Kept: f.time}
			e.What = map[kind]string{anchors: "anchor", authorities: "certificate", lists: string(FromList), answers: string(FromAnswer)}[k]
			b, err := f.read()
			if err == nil {
				err = e.describe(b)
			}
			e.Problem = err
			all = append(all, e)
		}
	}
	return all
}

func (e *Entry) describe(b []byte) error {
	switch in := split(b); {
	case len(in.certificates) == 1:
		c := in.certificates[0]
		e.Name, e.Certificate, e.NextUpdate = cmp.Or(c.Subject.CommonName, c.Subject.String()), c, c.NotAfter
		store := &Store{}
		if p, ok := store.Pin(c); ok {
			e.Pin = &p
		}
		if store.Offer(c) {
			e.What = "anchor"
		}
	case len(in.lists) == 1:
		l := in.lists[0]
		e.Name, e.Revoked, e.ThisUpdate, e.NextUpdate = l.Issuer.CommonName, l.entries.count, l.ThisUpdate, l.NextUpdate
		return l.problem
	case len(in.answers) == 1:
		single := in.answers[0].basic.Data.Singles[0]
		e.Name, e.ThisUpdate, e.NextUpdate = fmt.Sprint(single.ID.serial()), single.ThisUpdate, single.NextUpdate
	default:
		return ErrNothing
	}
	return nil
}

// Remove deletes everything with this SHA-256 (hexadecimal) from the vault, the
// user's trust in it included, and tells whether there was anything. A pinned
// certificate that turns up again is an anchor again.
func (v *Vault) Remove(sha string) (bool, error) {
	sum, err := hex.DecodeString(sha)
	if err != nil || len(sum) != sha256.Size {
		return false, fmt.Errorf("trust: %q is no SHA-256", sha)
	}
	removed := false
	for _, k := range kinds {
		for _, f := range v.files(k) {
			if f.sha256 != hex.EncodeToString(sum) {
				continue
			}
			if err := f.remove(); err != nil {
				return removed, err
			}
			removed = true
		}
	}
	return removed, nil
}
