package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"sync"
	"time"
)

// Behaviour says how a vCenter treats its clients: as it should when it is empty.
type Behaviour struct {
	// "hang" answers never, "reset" cuts the connection, "500" answers with an HTML error page.
	Mode string `json:"mode"`
	// DelayMs is added to every call.
	DelayMs int `json:"delayMs"`
	// Method restricts the rest to one SOAP method.
	Method string `json:"method"`
	// Fault is the type of a SOAP fault that is answered instead, NoPermission for example.
	Fault string `json:"fault"`
}

// Wire counts the SOAP calls that pass and misbehaves where it is told to.
type Wire struct {
	mu        sync.Mutex
	count     map[string]int
	behaviour Behaviour
}

func newWire() *Wire { return &Wire{count: map[string]int{}} }

func (w *Wire) behave(behaviour Behaviour) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.behaviour = behaviour
	return nil
}

func (w *Wire) reset() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count = map[string]int{}
	return nil
}

func (w *Wire) counted() Calls {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := Calls{ByMethod: maps.Clone(w.count)}
	for _, n := range w.count {
		calls.Total += n
	}
	return calls
}

var body = regexp.MustCompile(`(?s)<(?:[A-Za-z0-9]+:)?Body[^>]*>\s*<(?:[A-Za-z0-9]+:)?([A-Za-z0-9]+)`)

func (w *Wire) through(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, request *http.Request) {
		text, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		request.Body = io.NopCloser(bytes.NewReader(text))
		method := ""
		if found := body.FindSubmatch(text); found != nil {
			method = string(found[1])
		}
		behaviour := w.note(method)
		time.Sleep(time.Duration(behaviour.DelayMs) * time.Millisecond)
		switch {
		case behaviour.Fault != "":
			fault(out, behaviour.Fault)
		case behaviour.Mode == "hang":
			<-request.Context().Done()
		case behaviour.Mode == "reset":
			panic(http.ErrAbortHandler)
		case behaviour.Mode == "500":
			http.Error(out, "<html>no healthy upstream</html>", http.StatusInternalServerError)
		default:
			next.ServeHTTP(out, request)
		}
	})
}

func (w *Wire) note(method string) Behaviour {
	w.mu.Lock()
	defer w.mu.Unlock()
	if method != "" {
		w.count[method]++
	}
	if w.behaviour.Method != "" && w.behaviour.Method != method {
		return Behaviour{}
	}
	return w.behaviour
}

const faultBody = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>%[1]s</faultstring>
<detail><%[1]sFault xmlns="urn:vim25" xsi:type="%[1]s"></%[1]sFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`

func fault(out http.ResponseWriter, name string) {
	out.Header().Set("Content-Type", "text/xml; charset=utf-8")
	out.WriteHeader(http.StatusInternalServerError)
	fmt.Fprintf(out, faultBody, name)
}
