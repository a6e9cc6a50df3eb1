package practice

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ocspSigner answers for one CA.
type ocspSigner struct {
	ca, cert *x509.Certificate
	by       *x509.Certificate // who delegates; ca unless a fault
	key      crypto.Signer
	revoked  *[]x509.RevocationListEntry
}

// delegate gives the signer a certificate of its own (RFC 6960, 4.2.2.2).
func (o *ocspSigner) delegate(options ServicesOptions) {
	now := options.Now()
	t := &x509.Certificate{
		RawSubject:            name(attribute{oidC, "VN"}, attribute{oidO, "Cơ quan chứng thực THỰC HÀNH"}, attribute{oidCN, "Máy chủ OCSP THỰC HÀNH"}),
		NotBefore:             now.AddDate(0, -1, 0),
		NotAfter:              now.AddDate(0, 1, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning},
		BasicConstraintsValid: true,
	}
	switch options.Fault {
	case FaultExpired:
		t.NotAfter = now.AddDate(0, 0, -1)
	case FaultNoEKU:
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if options.NoCheck {
		t.ExtraExtensions = []pkix.Extension{{Id: oid(ocspBase, 5), Value: []byte{5, 0}}}
	} else {
		t.CRLDistributionPoints = o.ca.CRLDistributionPoints
	}
	key := must(NewKey(options.Key))
	o.cert = must(certify(t, o.by, key.Public(), o.key))
	o.key = key
	if options.Fault == FaultWrongKey {
		o.key = must(NewKey(options.Key))
	}
}

// The structures of RFC 6960, 4, as far as a server needs them.
type (
	ocspID struct {
		Hash              pkix.AlgorithmIdentifier
		NameHash, KeyHash []byte
		Serial            *big.Int
	}
	ocspQuery struct {
		TBS struct {
			Version   int           `asn1:"optional,explicit,tag:0"`
			Requestor asn1.RawValue `asn1:"optional,tag:1"`
			List      []struct {
				ID         ocspID
				Extensions asn1.RawValue `asn1:"optional,tag:0"`
			}
			Extensions []pkix.Extension `asn1:"optional,explicit,tag:2"`
		}
		Signature asn1.RawValue `asn1:"optional,tag:0"`
	}
	ocspSingle struct {
		ID         ocspID
		Status     asn1.RawValue
		From       time.Time        `asn1:"generalized"`
		To         time.Time        `asn1:"optional,generalized,explicit,tag:0,omitempty"`
		Extensions []pkix.Extension `asn1:"optional,explicit,tag:1,omitempty"`
	}
	ocspData struct {
		Responder  asn1.RawValue
		Produced   time.Time `asn1:"generalized"`
		Singles    []ocspSingle
		Extensions []pkix.Extension `asn1:"optional,explicit,tag:1,omitempty"`
	}
	ocspBasic struct {
		Data         asn1.RawValue
		Algorithm    pkix.AlgorithmIdentifier
		Signature    asn1.BitString
		Certificates []asn1.RawValue `asn1:"optional,explicit,tag:0,omitempty"`
	}
	ocspAnswer struct {
		Status asn1.Enumerated
		Bytes  ocspBytes `asn1:"explicit,tag:0"`
	}
	ocspBytes struct {
		Type   asn1.ObjectIdentifier
		Answer []byte
	}
)

var ocspBase = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}

func (s *services) ocsp(w http.ResponseWriter, r *http.Request) {
	query, err := io.ReadAll(io.LimitReader(r.Body, 64<<10)) // before hanging: only then the server sees that the client has gone
	if s.broken(w, r) {
		return
	}
	if r.Method == http.MethodGet { // RFC 6960, A.1
		var text string
		if text, err = url.PathUnescape(strings.TrimPrefix(r.URL.EscapedPath(), "/ocsp/")); err == nil {
			query, err = base64.StdEncoding.DecodeString(text)
		}
	} else if r.Header.Get("Content-Type") != "application/ocsp-request" {
		err = fmt.Errorf("POST application/ocsp-request")
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/ocsp-response")
	answer, err := s.answer(query, r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(answer)
}

// declines is an answer of status alone (RFC 6960, 4.2.1).
func declines(status byte) []byte { return []byte{0x30, 3, 0x0a, 1, status} }

// answer answers one query (DER).
func (s *services) answer(query []byte, r *http.Request) ([]byte, error) {
	const malformedRequest, tryLater, unauthorized = 1, 3, 6
	fault := s.fault(r)
	var q ocspQuery
	if rest, err := asn1.Unmarshal(query, &q); err != nil || len(rest) > 0 || len(q.TBS.List) != 1 || fault == FaultMalformed && r.Method != http.MethodGet {
		return declines(malformedRequest), nil
	}
	switch fault {
	case FaultTryLater:
		return declines(tryLater), nil
	case FaultUnauthorized:
		return declines(unauthorized), nil
	}
	id := q.TBS.List[0].ID
	signer := s.signerFor(id)
	if signer == nil {
		return declines(unauthorized), nil
	}
	data := ocspData{Produced: s.options.Now().UTC().Truncate(time.Second), Singles: []ocspSingle{s.single(signer, id, r)}}
	for _, e := range q.TBS.Extensions {
		if !e.Id.Equal(oid(ocspBase, 2)) || s.options.NoNonce {
			continue
		}
		if fault == FaultWrongNonce {
			e.Value = must(asn1.Marshal(bytes.Repeat([]byte{0x5a}, 32)))
		}
		data.Extensions = append(data.Extensions, pkix.Extension{Id: e.Id, Value: e.Value})
	}
	if fault == FaultCritical {
		data.Extensions = append(data.Extensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}})
	}
	return s.sign(signer, data)
}

// signerFor finds the CA that id names.
func (s *services) signerFor(id ocspID) *ocspSigner {
	for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA256} {
		if s.options.OnlyHash != 0 && s.options.OnlyHash != h || !id.Hash.Algorithm.Equal(map[crypto.Hash]asn1.ObjectIdentifier{crypto.SHA1: {1, 3, 14, 3, 2, 26}, crypto.SHA256: hashes[crypto.SHA256].hash}[h]) {
			continue
		}
		sum := func(b []byte) []byte {
			d := h.New()
			d.Write(b)
			return d.Sum(nil)
		}
		for _, signer := range s.signers {
			if bytes.Equal(id.NameHash, sum(signer.ca.RawSubject)) && bytes.Equal(id.KeyHash, sum(keyBits(signer.ca))) {
				return signer
			}
		}
	}
	return nil
}

func keyBits(cert *x509.Certificate) []byte {
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	must(asn1.Unmarshal(cert.RawSubjectPublicKeyInfo, &spki))
	return spki.Key.RightAlign()
}

// single is the state of one certificate.
func (s *services) single(signer *ocspSigner, id ocspID, r *http.Request) ocspSingle {
	from, to := s.times(r)
	if s.options.NoUpdate {
		to = time.Time{}
	}
	one := ocspSingle{ID: id, From: from.UTC(), To: to.UTC(), Status: asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0}}
	if !s.options.ArchiveFrom.IsZero() {
		value := must(asn1.MarshalWithParams(s.options.ArchiveFrom.UTC(), "generalized"))
		one.Extensions = []pkix.Extension{{Id: oid(ocspBase, 6), Value: value}}
	}
	revoked := func(at time.Time, reason int) {
		info := must(asn1.Marshal(struct {
			Time   time.Time       `asn1:"generalized"`
			Reason asn1.Enumerated `asn1:"explicit,tag:0"`
		}{at.UTC(), asn1.Enumerated(reason)}))
		var sequence asn1.RawValue
		must(asn1.Unmarshal(info, &sequence))
		one.Status = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, IsCompound: true, Bytes: sequence.Bytes}
	}
	s.authority.mu.Lock()
	for _, e := range *signer.revoked {
		if e.SerialNumber.Cmp(id.Serial) == 0 {
			revoked(e.RevocationTime, e.ReasonCode)
		}
	}
	s.authority.mu.Unlock()
	switch s.fault(r) {
	case FaultUnknown:
		one.Status = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 2}
	case FaultRevoked:
		revoked(s.options.Now().Add(-time.Hour), 1)
	case FaultHold:
		revoked(s.options.Now().Add(-time.Hour), 6)
	case FaultOtherCertificate:
		one.ID.Serial = new(big.Int).Add(id.Serial, big.NewInt(1))
	}
	return one
}

// sign wraps the data into an answer.
func (s *services) sign(signer *ocspSigner, data ocspData) ([]byte, error) {
	data.Responder = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, IsCompound: true, Bytes: signer.cert.RawSubject}
	if s.options.ByKey {
		hash := sha1.Sum(keyBits(signer.cert))
		data.Responder = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 2, IsCompound: true, Bytes: must(asn1.Marshal(hash[:]))}
	}
	tbs, err := asn1.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("practice: encoding ResponseData: %w", err)
	}
	digest := crypto.SHA256.New()
	digest.Write(tbs)
	value, err := signer.key.Sign(rand.Reader, digest.Sum(nil), crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("practice: signing the OCSP answer: %w", err)
	}
	basic := ocspBasic{
		Data:      asn1.RawValue{FullBytes: tbs},
		Algorithm: pkix.AlgorithmIdentifier{Algorithm: hashes[crypto.SHA256].rsa, Parameters: asn1.NullRawValue},
		Signature: asn1.BitString{Bytes: value, BitLength: 8 * len(value)},
	}
	if _, ok := signer.key.Public().(*ecdsa.PublicKey); ok {
		basic.Algorithm = pkix.AlgorithmIdentifier{Algorithm: hashes[crypto.SHA256].ecdsa}
	}
	if signer.cert != signer.ca {
		basic.Certificates = []asn1.RawValue{{FullBytes: signer.cert.Raw}}
	}
	der, err := asn1.Marshal(basic)
	if err != nil {
		return nil, fmt.Errorf("practice: encoding BasicOCSPResponse: %w", err)
	}
	return asn1.Marshal(ocspAnswer{Bytes: ocspBytes{oid(ocspBase, 1), der}})
}
