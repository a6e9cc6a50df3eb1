package practice

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"sort"
	"sync/atomic"
	"time"
)

// Fault is a way in which a time-stamp server goes wrong.
type Fault int

const (
	FaultNone Fault = iota
	FaultStatus500
	FaultSlow           // answers well after TSAOptions.Delay
	FaultHang           // never answers
	FaultGarbage        // ASN.1 that ends too early
	FaultHTML           // the login page of a hotel
	FaultReject         // PKIStatus rejection with a text
	FaultWrongNonce     // a good token with another nonce
	FaultWrongImprint   // a good token for other data
	FaultExpired        // certificate that expired yesterday
	FaultNoEKU          // certificate without timeStamping
	FaultSoftEKU        // timeStamping, but not critical
	FaultWrongKey       // signed with another key than the certificate's
	FaultWrongESS       // the signed attribute names another certificate
	FaultNoCertificate  // no certificate in the token
	FaultTwoSigners     // the SignerInfo twice
	FaultFlood          // two megabytes
	FaultRedirectScheme // sends the client to a file: address
	FaultClock          // stamps three days ahead
)

// TSAOptions describe a time-stamp server. The zero value is a good one with an
// RSA-2048 key.
type TSAOptions struct {
	Fault Fault
	Delay time.Duration    // with FaultSlow
	Key   KeyKind          // P256 is fast
	Now   func() time.Time // nil = time.Now
	Alone bool             // send only the TSA's certificate, not the issuing CA's
	ESSv1 bool             // name the certificate by its SHA-1 (RFC 2634), as old servers do
	Hash  crypto.Hash      // hash for the signature; 0 = SHA-256
}

// TSA is a time-stamp server (RFC 3161, 3.4) with a certificate of its own. A
// mistake in the options or while making the key is a panic: there is nobody
// to tell.
func (a *Authority) TSA(o TSAOptions) http.Handler {
	s := &stampServer{authority: a, options: o}
	if s.options.Now == nil {
		s.options.Now = time.Now
	}
	if o.Hash == 0 {
		s.options.Hash = crypto.SHA256
	}
	now := a.options.Now
	t := &x509.Certificate{
		RawSubject:            name(attribute{oidC, "VN"}, attribute{oidO, "Cơ quan chứng thực THỰC HÀNH"}, attribute{oidCN, "Máy chủ dấu thời gian THỰC HÀNH"}),
		NotBefore:             now.AddDate(-1, 0, 0),
		NotAfter:              now.AddDate(5, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
	}
	if o.Fault == FaultExpired {
		t.NotAfter = now.AddDate(0, 0, -1)
	}
	switch o.Fault {
	case FaultNoEKU:
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	case FaultSoftEKU:
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}
	default:
		// RFC 3161, 2.3: critical, which x509 would not make it.
		t.ExtraExtensions = []pkix.Extension{{
			Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true,
			Value: must(asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})),
		}}
	}
	s.key = must(NewKey(o.Key))
	s.cert = must(certify(t, a.Issuing, s.key.Public(), a.issuerKey))
	if o.Fault == FaultWrongKey {
		s.key = must(NewKey(o.Key))
	}
	return s
}

func must[T any](v T, err error) T {
	if err != nil {
		panic("practice: " + err.Error())
	}
	return v
}

type stampServer struct {
	authority *Authority
	options   TSAOptions
	cert      *x509.Certificate
	key       crypto.Signer
	serial    atomic.Int64
}

func (s *stampServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "POST application/timestamp-query", http.StatusBadRequest)
		return
	}
	switch s.options.Fault {
	case FaultStatus500:
		http.Error(w, "practice fault", http.StatusInternalServerError)
		return
	case FaultSlow:
		select {
		case <-time.After(s.options.Delay):
		case <-r.Context().Done():
			return
		}
	case FaultHang:
		<-r.Context().Done()
		return
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!DOCTYPE html><title>Wi-Fi</title><form><input name=room></form>")
		return
	case FaultFlood:
		w.Write(bytes.Repeat([]byte("0"), 2<<20))
		return
	case FaultRedirectScheme:
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	if s.options.Fault == FaultGarbage {
		w.Write([]byte("\x30\x82\x01\x00garbage"))
		return
	}
	reply, err := s.reply(query)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(reply) // a client that has gone away misses it; nobody else does
}

// The structures of RFC 3161, 2.4 and RFC 5652, 5, as far as a server needs them.
type (
	tsAlgorithm struct {
		Algorithm  asn1.ObjectIdentifier
		Parameters asn1.RawValue `asn1:"optional"`
	}
	tsImprint struct {
		Algorithm tsAlgorithm
		Digest    []byte
	}
	tsQuery struct {
		Version    int
		Imprint    tsImprint
		Policy     asn1.ObjectIdentifier `asn1:"optional"`
		Nonce      *big.Int              `asn1:"optional"`
		CertReq    bool                  `asn1:"optional"`
		Extensions asn1.RawValue         `asn1:"optional,tag:0"`
	}
	tsStatus struct {
		Status int
		Text   []asn1.RawValue `asn1:"optional,omitempty"`
		Fail   asn1.BitString  `asn1:"optional"`
	}
	tsReply struct {
		Status tsStatus
		Token  asn1.RawValue `asn1:"optional"`
	}
	tsAccuracy struct {
		Seconds int
	}
	tsInfo struct {
		Version  int
		Policy   asn1.ObjectIdentifier
		Imprint  tsImprint
		Serial   *big.Int
		Time     time.Time `asn1:"generalized"`
		Accuracy tsAccuracy
		Nonce    *big.Int `asn1:"optional"`
	}
	tsAttribute struct {
		Type   asn1.ObjectIdentifier
		Values []asn1.RawValue `asn1:"set"`
	}
	tsIssuerSerial struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	tsSigner struct {
		Version   int
		ID        tsIssuerSerial
		Digest    tsAlgorithm
		Attrs     asn1.RawValue
		Algorithm tsAlgorithm
		Value     []byte
	}
	tsContent struct {
		Type    asn1.ObjectIdentifier
		Content []byte `asn1:"explicit,tag:0"`
	}
	tsSigned struct {
		Version int
		Digests []tsAlgorithm `asn1:"set"`
		Content tsContent
		Certs   asn1.RawValue `asn1:"optional"`
		Signers []tsSigner    `asn1:"set"`
	}
	tsMessage struct {
		Type    asn1.ObjectIdentifier
		Content tsSigned `asn1:"explicit,tag:0"`
	}
)

var (
	pkcs9     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9}
	idTSTInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	policy    = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1, 10}
	hashes    = map[crypto.Hash]struct{ hash, rsa, ecdsa asn1.ObjectIdentifier }{
		crypto.SHA256: {asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}},
		crypto.SHA384: {asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}},
		crypto.SHA512: {asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}},
	}
)

func oid(base asn1.ObjectIdentifier, more ...int) asn1.ObjectIdentifier {
	return append(append(asn1.ObjectIdentifier{}, base...), more...)
}

// reply answers one query (DER) with a TimeStampResp.
func (s *stampServer) reply(query []byte) ([]byte, error) {
	var q tsQuery
	if rest, err := asn1.Unmarshal(query, &q); err != nil || len(rest) > 0 || q.Version != 1 {
		return rejection("unreadable request", 5) // badDataFormat
	}
	if s.options.Fault == FaultReject {
		return rejection("Hết hạn mức THỰC HÀNH", 2) // badRequest
	}
	known := false
	for h, ids := range hashes {
		known = known || ids.hash.Equal(q.Imprint.Algorithm.Algorithm) && h.Size() == len(q.Imprint.Digest)
	}
	if !known {
		return rejection("hash not supported", 0) // badAlg
	}
	info := tsInfo{
		Version: 1, Policy: policy, Imprint: q.Imprint, Serial: big.NewInt(s.serial.Add(1)),
		Time: s.options.Now().UTC().Truncate(time.Second), Accuracy: tsAccuracy{1}, Nonce: q.Nonce,
	}
	switch s.options.Fault {
	case FaultWrongNonce:
		info.Nonce = big.NewInt(4711)
	case FaultWrongImprint:
		info.Imprint.Digest = bytes.Repeat([]byte{0x5a}, len(q.Imprint.Digest))
	case FaultClock:
		info.Time = info.Time.AddDate(0, 0, 3)
	}
	content, err := asn1.Marshal(info)
	if err != nil {
		return nil, fmt.Errorf("practice: encoding TSTInfo: %w", err)
	}
	token, err := s.sign(content, q.CertReq)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(tsReply{Token: asn1.RawValue{FullBytes: token}})
}

func rejection(text string, bit int) ([]byte, error) {
	fail := make([]byte, bit/8+1)
	fail[bit/8] = 0x80 >> (bit % 8)
	return asn1.Marshal(tsReply{Status: tsStatus{
		Status: 2,
		Text:   []asn1.RawValue{{Tag: asn1.TagUTF8String, Bytes: []byte(text)}},
		Fail:   asn1.BitString{Bytes: fail, BitLength: bit + 1},
	}})
}

// sign wraps a TSTInfo into a SignedData.
func (s *stampServer) sign(content []byte, withCertificates bool) ([]byte, error) {
	h := s.options.Hash
	digest := h.New()
	digest.Write(content)
	attrs, err := s.attributes(digest.Sum(nil))
	if err != nil {
		return nil, err
	}
	digest.Reset()
	digest.Write(attrs)
	value, err := s.key.Sign(rand.Reader, digest.Sum(nil), h)
	if err != nil {
		return nil, fmt.Errorf("practice: signing the time-stamp: %w", err)
	}
	algorithm := tsAlgorithm{Algorithm: hashes[h].rsa, Parameters: asn1.NullRawValue}
	if _, ok := s.key.Public().(*ecdsa.PublicKey); ok {
		algorithm = tsAlgorithm{Algorithm: hashes[h].ecdsa}
	}
	var implicit asn1.RawValue // the same attributes under [0]
	if _, err := asn1.Unmarshal(attrs, &implicit); err != nil {
		return nil, fmt.Errorf("practice: encoding attributes: %w", err)
	}
	signer := tsSigner{
		Version:   1,
		ID:        tsIssuerSerial{asn1.RawValue{FullBytes: s.cert.RawIssuer}, s.cert.SerialNumber},
		Digest:    tsAlgorithm{Algorithm: hashes[h].hash},
		Attrs:     asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: implicit.Bytes},
		Algorithm: algorithm,
		Value:     value,
	}
	m := tsMessage{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}, Content: tsSigned{
		Version: 3, // RFC 5652, 5.1: the content is not id-data
		Digests: []tsAlgorithm{signer.Digest},
		Content: tsContent{idTSTInfo, content},
		Signers: []tsSigner{signer},
	}}
	if s.options.Fault == FaultTwoSigners {
		m.Content.Signers = append(m.Content.Signers, signer)
	}
	if withCertificates && s.options.Fault != FaultNoCertificate {
		certs := [][]byte{s.cert.Raw}
		if !s.options.Alone {
			certs = append(certs, s.authority.Issuing.Raw)
		}
		sort.Slice(certs, func(i, j int) bool { return bytes.Compare(certs[i], certs[j]) < 0 })
		m.Content.Certs = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: bytes.Join(certs, nil)}
	}
	return asn1.Marshal(m)
}

// attributes of the token's signature, as a DER SET.
func (s *stampServer) attributes(digest []byte) ([]byte, error) {
	named := s.cert
	if s.options.Fault == FaultWrongESS {
		named = s.authority.Issuing
	}
	v2 := sha256.Sum256(named.Raw)
	type certID struct{ Hash []byte }
	ess := struct{ IDs []certID }{[]certID{{v2[:]}}}
	essType := oid(pkcs9, 16, 2, 47)
	if s.options.ESSv1 {
		v1 := sha1.Sum(named.Raw)
		ess.IDs[0].Hash = v1[:]
		essType = oid(pkcs9, 16, 2, 12)
	}
	var set []asn1.RawValue
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{
		{oid(pkcs9, 3), idTSTInfo},
		{oid(pkcs9, 4), digest},
		{essType, ess},
	} {
		value, err := asn1.Marshal(a.value)
		if err != nil {
			return nil, fmt.Errorf("practice: encoding an attribute: %w", err)
		}
		full, err := asn1.Marshal(tsAttribute{a.oid, []asn1.RawValue{{FullBytes: value}}})
		if err != nil {
			return nil, fmt.Errorf("practice: encoding an attribute: %w", err)
		}
		set = append(set, asn1.RawValue{FullBytes: full})
	}
	return asn1.MarshalWithParams(set, "set") // sorts, as DER asks
}
