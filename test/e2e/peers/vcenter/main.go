// Command vcenter is a rack of simulated vCenters with levers: SOAP over TLS by govmomi's simulator, and a control port
// that makes vCenters, changes their inventory, counts their calls and injects faults. For tests and benchmarks.
package main

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"
)

var (
	control  = flag.String("control", "127.0.0.1:9989", "address of the control port")
	certFile = flag.String("cert", "", "certificate of all vCenters, PEM")
	keyFile  = flag.String("key", "", "its key, PEM")
)

// Rack holds the vCenters of one process by name.
type Rack struct {
	certificate tls.Certificate
	mu          sync.Mutex
	vcenters    map[string]*VCenter
}

var errUnknown = errors.New("unknown")

func (r *Rack) find(name string) (*VCenter, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v, ok := r.vcenters[name]; ok {
		return v, nil
	}
	return nil, fmt.Errorf("%w vCenter %q", errUnknown, name)
}

func (r *Rack) add(spec Spec) error {
	v, err := newVCenter(spec, r.certificate)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.vcenters[spec.Name] = v
	return nil
}

// lever makes a handler of a function that reads its request's JSON and answers with JSON.
func lever[In any](r *Rack, pull func(v *VCenter, path func(string) string, in In) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		var in In
		if req.ContentLength != 0 {
			if err := json.NewDecoder(req.Body).Decode(&in); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
		}
		v, err := r.find(req.PathValue("vcenter"))
		var out any
		if err == nil {
			out, err = pull(v, req.PathValue, in)
		}
		answer(w, out, err)
	}
}

func answer(w http.ResponseWriter, out any, err error) {
	if err != nil {
		status := http.StatusInternalServerError
		if errors.Is(err, errUnknown) {
			status = http.StatusNotFound
		}
		http.Error(w, err.Error(), status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(out); err != nil {
		log.Printf("answer: %v", err)
	}
}

type none = struct{}

func (r *Rack) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /vcenters", func(w http.ResponseWriter, req *http.Request) {
		var spec Spec
		err := json.NewDecoder(req.Body).Decode(&spec)
		if err == nil {
			err = r.add(spec)
		}
		answer(w, none{}, err)
	})
	at := func(verb, path string, handler http.HandlerFunc) {
		mux.HandleFunc(verb+" /vcenters/{vcenter}"+path, handler)
	}
	at("GET", "/calls", lever(r, func(v *VCenter, _ func(string) string, _ none) (any, error) { return v.calls() }))
	at("DELETE", "/calls", lever(r, func(v *VCenter, _ func(string) string, _ none) (any, error) { return none{}, v.wire.reset() }))
	at("GET", "/clusters", lever(r, func(v *VCenter, _ func(string) string, _ none) (any, error) { return v.clusters() }))
	at("POST", "/clusters", lever(r, func(v *VCenter, _ func(string) string, in Cluster) (any, error) { return v.addCluster(in) }))
	at("DELETE", "/clusters/{name}", lever(r, func(v *VCenter, path func(string) string, _ none) (any, error) {
		return none{}, v.removeCluster(path("name"))
	}))
	at("POST", "/clusters/{name}/hide", lever(r, func(v *VCenter, path func(string) string, _ none) (any, error) {
		return none{}, v.hideCluster(path("name"))
	}))
	at("POST", "/rename", lever(r, func(v *VCenter, _ func(string) string, in Rename) (any, error) { return none{}, v.rename(in) }))
	at("DELETE", "/sessions", lever(r, func(v *VCenter, _ func(string) string, _ none) (any, error) { return none{}, v.endSessions() }))
	at("PUT", "/behaviour", lever(r, func(v *VCenter, _ func(string) string, in Behaviour) (any, error) {
		return none{}, v.wire.behave(in)
	}))
	at("PUT", "/login", lever(r, func(v *VCenter, _ func(string) string, in Login) (any, error) { return none{}, v.setLogin(in) }))
	at("PUT", "/instance", lever(r, func(v *VCenter, _ func(string) string, in Instance) (any, error) {
		return none{}, v.setInstance(in)
	}))
	at("POST", "/down", lever(r, func(v *VCenter, _ func(string) string, _ none) (any, error) { return none{}, v.down() }))
	at("POST", "/up", lever(r, func(v *VCenter, _ func(string) string, _ none) (any, error) { return none{}, v.up() }))
	return mux
}

func main() {
	flag.Parse()
	certificate, err := tls.LoadX509KeyPair(*certFile, *keyFile)
	if err != nil {
		log.Fatal(err)
	}
	rack := &Rack{certificate: certificate, vcenters: map[string]*VCenter{}}
	listener, err := net.Listen("tcp", *control)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("control port at %s", listener.Addr())
	log.Fatal(http.Serve(listener, rack.routes()))
}
