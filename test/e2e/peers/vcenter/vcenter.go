package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/find"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// Spec says what a vCenter is like at first.
type Spec struct {
	Name       string    `json:"name"`
	Listen     string    `json:"listen"`
	User       string    `json:"user"`
	Password   string    `json:"password"`
	Instance   string    `json:"instanceUuid"`
	Datacenter string    `json:"datacenter"`
	Networks   []string  `json:"networks"`
	Clusters   []Cluster `json:"clusters"`
}

// Login is what a client must log in with.
type Login struct {
	User     string `json:"user"`
	Password string `json:"password"`
}

// Instance identifies an installation of vCenter.
type Instance struct {
	UUID string `json:"instanceUuid"`
}

// VCenter is one simulated vCenter. Clients reach it through a TLS front that counts, fails and closes; the levers reach
// it behind that, so that nothing they do is counted.
type VCenter struct {
	spec        Spec
	certificate tls.Certificate
	wire        *Wire
	backend     http.Handler
	registry    *simulator.Registry
	context     *simulator.Context
	client      *govmomi.Client
	folders     *object.DatacenterFolders

	mu    sync.Mutex
	login Login
	front *http.Server
}

const leverUser = "levers"

func newVCenter(spec Spec, certificate tls.Certificate) (*VCenter, error) {
	model := simulator.VPX()
	model.ServiceContent.About.InstanceUuid = spec.Instance
	model.Datacenter, model.Cluster, model.ClusterHost, model.Host, model.Machine = 1, len(spec.Clusters), 1, 0, 0
	model.Portgroup = len(spec.Networks)
	model.Datastore = 0
	for _, cluster := range spec.Clusters {
		model.Datastore += len(cluster.Datastores)
	}
	if err := model.Create(); err != nil {
		return nil, err
	}
	login := Login{spec.User, spec.Password}
	v := &VCenter{spec: spec, certificate: certificate, wire: newWire(), login: login}
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword(leverUser, leverUser)}
	server := model.Service.NewServer()
	v.backend = server.Config.Handler
	v.context = model.Service.Context
	v.registry = v.context.Map
	v.registry.SessionManager().ValidLogin = v.validLogin

	ctx := context.Background()
	client, err := govmomi.NewClient(ctx, server.URL, true)
	if err != nil {
		return nil, err
	}
	v.client = client
	if err := v.furnish(ctx); err != nil {
		return nil, err
	}
	return v, v.up()
}

func (v *VCenter) validLogin(request *types.Login) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	given := Login{request.UserName, request.Password}
	return given == v.login || given == Login{leverUser, leverUser}
}

func (v *VCenter) setLogin(login Login) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.login = login
	return nil
}

func (v *VCenter) setInstance(instance Instance) error {
	service, ok := v.registry.Get(vim25.ServiceInstance).(*simulator.ServiceInstance)
	if !ok {
		return fmt.Errorf("%w object %v", errUnknown, vim25.ServiceInstance)
	}
	v.context.WithLock(service, func() { service.Content.About.InstanceUuid = instance.UUID })
	return nil
}

// furnish gives everything in the new vCenter the names of its spec.
func (v *VCenter) furnish(ctx context.Context) error {
	finder := find.NewFinder(v.client.Client)
	datacenter, err := finder.DefaultDatacenter(ctx)
	if err != nil {
		return err
	}
	finder.SetDatacenter(datacenter)
	if v.folders, err = datacenter.Folders(ctx); err != nil {
		return err
	}
	if err := v.set(datacenter.Reference(), "name", v.spec.Datacenter); err != nil {
		return err
	}
	// The uplinks of the switch are a port group, too.
	groups := slices.DeleteFunc(v.all("DistributedVirtualPortgroup"), func(group mo.Entity) bool {
		return strings.Contains(nameOf(group), "DVUplinks")
	})
	for i, name := range v.spec.Networks {
		if err := v.set(groups[i].Reference(), "name", name); err != nil {
			return err
		}
	}
	clusters := v.all(clusterType)
	datastores := v.all("Datastore")
	for i, wanted := range v.spec.Clusters {
		for j, name := range wanted.Datastores {
			if err := v.set(datastores[j].Reference(), "name", name); err != nil {
				return err
			}
		}
		datastores = datastores[len(wanted.Datastores):]
		if err := v.set(clusters[i].Reference(), "name", wanted.Name); err != nil {
			return err
		}
		if err := v.equip(clusters[i].Reference(), wanted); err != nil {
			return err
		}
	}
	return nil
}

// up listens (again); a vCenter that is down refuses connections.
func (v *VCenter) up() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.front != nil {
		return nil
	}
	listener, err := net.Listen("tcp", v.spec.Listen)
	if err != nil {
		return err
	}
	config := &tls.Config{Certificates: []tls.Certificate{v.certificate}}
	v.front = &http.Server{Handler: v.wire.through(v.backend)}
	go v.front.Serve(tls.NewListener(listener, config))
	return nil
}

func (v *VCenter) down() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.front == nil {
		return nil
	}
	err := v.front.Close()
	v.front = nil
	return err
}

func (v *VCenter) sessions(ctx context.Context) ([]string, error) {
	var manager mo.SessionManager
	err := v.client.RetrieveOne(ctx, *v.client.ServiceContent.SessionManager, []string{"sessionList"}, &manager)
	var keys []string
	for _, session := range manager.SessionList {
		if session.UserName != leverUser {
			keys = append(keys, session.Key)
		}
	}
	return keys, err
}

// endSessions ends every session but the levers' own, as an administrator or the idle limit would.
func (v *VCenter) endSessions() error {
	ctx := context.Background()
	keys, err := v.sessions(ctx)
	if err != nil || len(keys) == 0 {
		return err
	}
	return v.client.SessionManager.TerminateSession(ctx, keys)
}

// Calls says what clients have asked of a vCenter.
type Calls struct {
	Total    int            `json:"total"`
	ByMethod map[string]int `json:"byMethod"`
	Sessions int            `json:"sessions"`
}

func (v *VCenter) calls() (Calls, error) {
	keys, err := v.sessions(context.Background())
	calls := v.wire.counted()
	calls.Sessions = len(keys)
	return calls, err
}
