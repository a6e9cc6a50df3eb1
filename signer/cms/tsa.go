package cms

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/notaryproject/tspclient-go"
	"github.com/notaryproject/tspclient-go/pki"
)

// A time-stamp server that gives no time-stamp. What is wrong with one that was
// given is said by the errors of ParseToken.
var (
	ErrTSAUnreachable = errors.New("cms: time-stamp server cannot be reached")
	ErrTSATimeout     = errors.New("cms: time-stamp server did not answer in time")
	ErrTSARejected    = errors.New("cms: time-stamp server refused") // its words follow
)

const (
	defaultTimeout = 20 * time.Second
	maxReply       = 1 << 20 // bytes
	maxRedirects   = 5
	maxSkew        = 24 * time.Hour
)

// TSA is a time-stamp server of RFC 3161 over HTTP.
type TSA struct {
	URL    string
	Client *http.Client // for TLS roots and credentials; nil = a new one that goes through Proxy

	// Proxy chooses the proxy for a request, as in http.Transport; nil = that
	// of the environment.
	Proxy func(*http.Request) (*url.URL, error)

	// Anchors are the roots to trust. With nil the token is checked in all else
	// and comes back with Trusted false.
	Anchors       *x509.CertPool
	Intermediates []*x509.Certificate // CAs that the TSA does not send

	Timeout time.Duration // for the whole exchange; 0 = 20 s
	Hash    crypto.Hash   // of the imprint; 0 = SHA-256
}

// Stamp fetches a time-stamp over signatureValue and checks it as ParseToken does,
// further nonce and path: with Anchors, a token without a path to one of them is
// ErrTSACertificate. A clock that differs by less than a day is reported in
// Skew, else ErrTSAClock. When ctx ends, its error is returned at once.
func (t TSA) Stamp(ctx context.Context, signatureValue []byte) (*Token, error) {
	h := t.Digest()
	if !h.Available() {
		return nil, fmt.Errorf("%w: hash %d", ErrAlgorithm, int(h))
	}
	d := h.New()
	d.Write(signatureValue)
	return t.StampDigest(ctx, d.Sum(nil))
}

// StampDigest is Stamp for data that was hashed already with t.Digest, such as
// the byte range of a document time-stamp.
func (t TSA) StampDigest(ctx context.Context, digest []byte) (*Token, error) {
	request, err := tspclient.NewRequest(tspclient.RequestOptions{Content: digest, HashAlgorithm: t.Digest()})
	if err != nil {
		return nil, fmt.Errorf("cms: making the time-stamp request: %w", err)
	}
	if len(digest) != t.Digest().Size() {
		return nil, fmt.Errorf("cms: digest of %d bytes for %v", len(digest), t.Digest())
	}
	request.MessageImprint.HashedMessage = digest // not the digest of the digest
	query, err := request.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("cms: encoding the time-stamp request: %w", err)
	}
	body, err := t.post(ctx, query)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	der, err := granted(body)
	if err != nil {
		return nil, err
	}
	token, err := ParseTokenFor(der, func(h crypto.Hash) ([]byte, error) {
		if h != t.Digest() {
			return nil, fmt.Errorf("%w: imprint with %v instead of %v", ErrTSAMismatch, h, t.Digest())
		}
		return digest, nil
	}, t.Anchors, t.Intermediates, time.Time{})
	if err != nil {
		return nil, err
	}
	// RFC 3161, 2.4.1: the nonce must come back.
	if token.nonce == nil || token.nonce.Cmp(request.Nonce) != 0 {
		return nil, fmt.Errorf("%w: nonce", ErrTSAMismatch)
	}
	if token.Untrusted != nil {
		return nil, token.Untrusted
	}
	token.Skew = token.Time.Sub(now)
	if token.Skew.Abs() >= maxSkew {
		return nil, fmt.Errorf("%w: %v", ErrTSAClock, token.Skew.Round(time.Minute))
	}
	return token, nil
}

// Digest is the hash in use for imprints.
func (t TSA) Digest() crypto.Hash {
	if t.Hash == 0 {
		return crypto.SHA256
	}
	return t.Hash
}

// granted takes the token out of a TimeStampResp (RFC 3161, 2.4.2).
func granted(body []byte) ([]byte, error) {
	der, n, _, err := toDER(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTSAReply, err)
	}
	if len(bytes.TrimSpace(body[n:])) > 0 {
		return nil, fmt.Errorf("%w: %d extra bytes", ErrTSAReply, len(body)-n)
	}
	var response tspclient.Response
	if err := response.UnmarshalBinary(der); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTSAReply, err)
	}
	if err := response.Status.Err(); err != nil {
		words := []string{response.Status.Status.String()}
		for _, s := range response.Status.StatusString {
			words = append(words, clean(s))
		}
		var detail *pki.FailureInfoError
		if errors.As(err, &detail) {
			words = append(words, detail.Error())
		}
		return nil, fmt.Errorf("%w: %s", ErrTSARejected, strings.Join(words, "; "))
	}
	if len(response.TimestampToken.FullBytes) == 0 {
		return nil, fmt.Errorf("%w: no token", ErrTSAReply)
	}
	return response.TimestampToken.FullBytes, nil
}

// clean makes a stranger's text fit for a message: one line, not too long.
func clean(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1 // control characters and those that turn the direction of writing
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return s
}

// post does the exchange of RFC 3161, 3.4 and gives the body of the reply.
func (t TSA) post(ctx context.Context, query []byte) ([]byte, error) {
	u, err := url.Parse(t.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%w: address %q", ErrTSAUnreachable, t.URL)
	}
	timeout := t.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(limited, http.MethodPost, t.URL, bytes.NewReader(query))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTSAUnreachable, err)
	}
	request.Header.Set("Content-Type", tspclient.MediaTypeTimestampQuery)
	request.Header.Set("Accept", tspclient.MediaTypeTimestampReply)

	client, done := t.client()
	defer done()
	response, err := client.Do(request)
	if err != nil {
		return nil, exchangeError(ctx, limited, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	if err != nil {
		return nil, exchangeError(ctx, limited, err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: HTTP %s", ErrTSARejected, clean(response.Status))
	}
	if len(body) > maxReply {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTSAReply, maxReply)
	}
	// The content type is often wrong on good replies; it only tells here why a
	// bad one is bad.
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if len(body) == 0 || body[0] != tagSequence {
		return nil, fmt.Errorf("%w: %d bytes of type %q", ErrTSAReply, len(body), kind)
	}
	return body, nil
}

// client is a copy of the caller's that follows no redirect to another scheme,
// and none that turns the POST into a GET.
func (t TSA) client() (*http.Client, func()) {
	client, done := &http.Client{}, func() {}
	if t.Client != nil {
		*client = *t.Client
	} else {
		transport := &http.Transport{Proxy: t.Proxy}
		if t.Proxy == nil {
			transport.Proxy = http.ProxyFromEnvironment
		}
		client.Transport, done = transport, transport.CloseIdleConnections
	}
	callers := client.CheckRedirect
	client.CheckRedirect = func(request *http.Request, via []*http.Request) error {
		switch {
		case request.URL.Scheme != via[0].URL.Scheme:
			return fmt.Errorf("redirect to scheme %q", request.URL.Scheme)
		case request.Method != http.MethodPost:
			return errors.New("redirect that drops the request")
		case len(via) > maxRedirects:
			return errors.New("too many redirects")
		case callers != nil:
			return callers(request, via)
		}
		return nil
	}
	return client, done
}

// exchangeError sorts what http reports: the caller's context, time, the rest.
func exchangeError(ctx, limited context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("cms: asking the time-stamp server: %w", ctx.Err())
	}
	var timeout net.Error
	if limited.Err() != nil || errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("%w: %w", ErrTSATimeout, err)
	}
	return fmt.Errorf("%w: %w", ErrTSAUnreachable, err)
}
