package verify_test

import (
	"bytes"
	"crypto"
	"fmt"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/practice"
	"antin/signer/verify"
)

// forgedStamps: time-stamps that prove nothing, of the document and of a
// signature whose certificate has ended since.
func forgedStamps(t testing.TB, p int) []sample {
	o := theOffice(t)
	f := stampFrame(t, base(t, p))
	digest := f.digest(crypto.SHA256)
	good := tokenFrom(t, o.Authority, practice.TSAOptions{}, digest)
	faulty := func(fault practice.Fault) func(testing.TB) []byte {
		return func(t testing.TB) []byte {
			return f.put(t, tokenFrom(t, o.Authority, practice.TSAOptions{Fault: fault}, digest))
		}
	}
	put := func(der []byte) func(testing.TB) []byte {
		return func(t testing.TB) []byte { return f.put(t, der) }
	}
	rows := []sample{
		failed("over something else", put(tokenFrom(t, o.Authority, practice.TSAOptions{}, make([]byte, 32))), verify.HashFailure),
		failed("with another imprint", faulty(practice.FaultWrongImprint), verify.HashFailure),
		failed("copied from another document", put(tokenFrom(t, o.Authority, practice.TSAOptions{}, stampFrame(t, plain(t, p)).digest(crypto.SHA256))), verify.HashFailure),
		failed("time altered", put(earlier(t, good, digest)), verify.HashFailure),
		failed("signature altered", put(altered(good)), verify.SigCryptoFailure),
		failed("signed by another key", faulty(practice.FaultWrongKey), verify.SigCryptoFailure),
		failed("two signers", faulty(practice.FaultTwoSigners), verify.FormatFailure),
		failed("a signature instead", put(message(t, o.leader, profileOf(o.leader), digest)), verify.FormatFailure),
		failed("nothing", put(nil), verify.FormatFailure),
		undecided("by a certificate for other things", faulty(practice.FaultNoEKU), verify.ChainConstraintsFailure),
		undecided("by a certificate that may be for other things", faulty(practice.FaultSoftEKU), verify.ChainConstraintsFailure),
		undecided("naming another certificate", faulty(practice.FaultWrongESS), verify.NoSigningCertificateFound),
		undecided("without a certificate", faulty(practice.FaultNoCertificate), verify.NoSigningCertificateFound),
		undecided("by nobody known", put(tokenFrom(t, newAuthority(t, practice.AuthorityOptions{}), practice.TSAOptions{}, digest)), verify.NoCertificateChainFound),
		undecided("from the future", faulty(practice.FaultClock), verify.SigConstraintsFailure),
	}
	for i := range rows {
		rows[i].of = 1
		rows[i].check = func(t *testing.T, r *verify.Report) {
			if s := r.Signatures[0]; !s.ProvenTime.IsZero() || s.Level != "B-B" || !s.Intact() {
				t.Errorf("the signature before it: %s", describe(r))
			}
		}
	}
	rows = append(rows, partialStamps(t, f, len(base(t, p)))...)
	return append(rows, forgedSignatureStamps(t, p)...)
}

// partialStamps: honest time-stamps over a part of the file, in a frame behind the
// first signed bytes.
func partialStamps(t testing.TB, f frame, signed int) []sample {
	over := func(from, end int) func(testing.TB) []byte {
		return func(t testing.TB) []byte {
			text, br := byteRange(t, f.pdf[signed:])
			part := frame{swap(t, f.pdf, text, fmt.Sprintf("[%d %d %d %d]", from, br[1]-from, br[2], end-br[2])), f.from, f.to}
			covered := append(bytes.Clone(part.pdf[from:f.from]), part.pdf[f.to:end]...)
			return part.put(t, tokenFrom(t, theOffice(t).Authority, practice.TSAOptions{}, sha256Of(covered)))
		}
	}
	rows := []sample{
		malformed("over its own revision only", over(signed, len(f.pdf))),
		malformed("over all but the end", over(0, len(f.pdf)-30)),
		malformed("over all but a part of the first page", over(300, len(f.pdf))),
	}
	for i := range rows {
		rows[i].of = 1
		rows[i].check = func(t *testing.T, r *verify.Report) {
			if s := r.Signatures[0]; !s.ProvenTime.IsZero() || s.Level != "B-B" {
				t.Errorf("the signature before it: %s", describe(r))
			}
		}
	}
	return rows
}

func altered(der []byte) []byte {
	out := bytes.Clone(der)
	out[len(out)-5] ^= 1
	return out
}

// earlier is a token that tells the day before.
func earlier(t testing.TB, token, digest []byte) []byte {
	t.Helper()
	parsed, err := cms.ParseTokenFor(token, func(crypto.Hash) ([]byte, error) { return digest, nil }, nil, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	const layout = "20060102150405"
	return bytes.Replace(token, []byte(parsed.Time.Format(layout)), []byte(parsed.Time.AddDate(0, 0, -1).Format(layout)), 1)
}

// forgedSignatureStamps: the signer's certificate has ended, and a time-stamp
// says that he signed before.
func forgedSignatureStamps(t testing.TB, p int) []sample {
	o := theOffice(t)
	hour := time.Hour
	now := time.Now()
	who := issue(t, o.Authority, practice.IdentityOptions{NotAfter: now.Add(-hour)})
	before := at(now.Add(-2 * hour))
	faulty := func(fault practice.Fault) func([]byte) []byte {
		return func(value []byte) []byte {
			options := before
			options.Fault = fault
			return tokenFrom(t, o.Authority, options, sha256Of(value))
		}
	}
	var rows []sample
	for _, c := range []struct {
		name  string
		token func(value []byte) []byte
	}{
		{"none", nil},
		{"of another signature", func([]byte) []byte { return tokenFrom(t, o.Authority, before, make([]byte, 32)) }},
		{"with another imprint", faulty(practice.FaultWrongImprint)},
		{"signature altered", func(v []byte) []byte { return altered(tokenFrom(t, o.Authority, before, sha256Of(v))) }},
		{"signed by another key", faulty(practice.FaultWrongKey)},
		{"no token", func([]byte) []byte { return []byte{0x30, 0} }},
		{"by nobody known", func(v []byte) []byte {
			return tokenFrom(t, newAuthority(t, practice.AuthorityOptions{}), before, sha256Of(v))
		}},
		{"by a certificate for other things", faulty(practice.FaultNoEKU)},
		{"naming another certificate", faulty(practice.FaultWrongESS)},
		{"from the future", func(v []byte) []byte { return tokenFrom(t, o.Authority, at(now.Add(5*hour)), sha256Of(v)) }},
	} {
		s := undecided("ended certificate, stamp "+c.name, func(t testing.TB) []byte { return signedBy(t, blank(), who, mdp(p), c.token) }, verify.OutOfBoundsNoPOE)
		s.level = "B-B"
		s.check = func(t *testing.T, r *verify.Report) {
			if s := r.Signatures[0]; (s.StampProblem == nil) != (c.token == nil) || !s.ProvenTime.IsZero() {
				t.Error(describe(r))
			}
		}
		rows = append(rows, s)
	}
	return rows
}

// A revoked time-stamp server: only the reason tells whether its older stamps
// still prove something (RFC 3161, 4), unless a later one shows that they are older.
func TestRevokedTimeStampServer(t *testing.T) {
	now := time.Now()
	const compromise, superseded = 1, 4
	for _, c := range []struct {
		name    string
		since   time.Time
		reason  int
		renewed bool
		proven  bool
	}{
		{"replaced after the stamp", now.Add(-time.Hour), superseded, false, true},
		{"replaced before the stamp", now.Add(-3 * time.Hour), superseded, false, false},
		{"key lost after the stamp", now.Add(-time.Hour), compromise, false, false},
		{"key lost after the stamp was renewed", now.Add(-time.Hour), compromise, true, true},
		{"key lost before the stamp was renewed", now.Add(-100 * time.Minute), compromise, true, false},
		{"no reason given", now.Add(-time.Hour), 0, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := theOffice(t)
			tsa := newAuthority(t, practice.AuthorityOptions{Mark: "TSA"})
			pdf := signedBy(t, blank(), o.leader, nil, func(value []byte) []byte {
				token := tokenFrom(t, tsa, at(now.Add(-2*time.Hour)), sha256Of(value))
				tsa.Revoke(stampCertificate(t, token, value), c.since, c.reason)
				return token
			})
			if c.renewed {
				pdf = stampedBy(t, pdf, o.Authority, at(now.Add(-90*time.Minute)))
			}
			store, err := storeOf(o.Authority, tsa)
			if err != nil {
				t.Fatal(err)
			}
			s := judgeWith(t, pdf, verify.Options{Store: store}).Signatures[0]
			byStamp := !s.ProvenTime.IsZero() && s.ProvenTime.Equal(s.Stamp.Time)
			if (s.StampProblem == nil) != c.proven || byStamp != c.proven {
				t.Errorf("problem %v, proven %v", s.StampProblem, s.ProvenTime)
			}
		})
	}
}
