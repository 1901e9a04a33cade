package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// Cluster is a cluster with the names of what it uses. Datastores that do not exist yet are made.
type Cluster struct {
	Name       string   `json:"name"`
	Datastores []string `json:"datastores"`
	Networks   []string `json:"networks"`
	Reference  string   `json:"reference,omitempty"`
}

// Rename gives an object of a type another name.
type Rename struct {
	Type string `json:"type"`
	Name string `json:"name"`
	To   string `json:"to"`
}

const clusterType = "ClusterComputeResource"

// set changes a property; whoever waits for updates is told.
func (v *VCenter) set(ref types.ManagedObjectReference, property string, value any) error {
	object := v.registry.Get(ref)
	if object == nil {
		return fmt.Errorf("%w object %v", errUnknown, ref)
	}
	v.context.WithLock(object, func() {
		v.context.Update(object, []types.PropertyChange{{Name: property, Val: value}})
	})
	return nil
}

// all gives the objects of a type in the order in which they were made.
func (v *VCenter) all(kind string) []mo.Entity {
	entities := v.registry.All(kind)
	slices.SortFunc(entities, func(a, b mo.Entity) int {
		left, right := a.Reference().Value, b.Reference().Value
		return cmp.Or(cmp.Compare(len(left), len(right)), cmp.Compare(left, right))
	})
	return entities
}

func (v *VCenter) named(kind, name string) (mo.Entity, error) {
	for _, each := range v.all(kind) {
		if nameOf(each) == name {
			return each, nil
		}
	}
	return nil, fmt.Errorf("%w %s %q", errUnknown, kind, name)
}

// nameOf reads the property `name`, which a network keeps in a field of its own.
func nameOf(entity mo.Entity) string {
	if group, ok := entity.(*simulator.DistributedVirtualPortgroup); ok {
		return group.Name
	}
	return entity.Entity().Name
}

func (v *VCenter) rename(change Rename) error {
	entity, err := v.named(change.Type, change.Name)
	if err != nil {
		return err
	}
	return v.set(entity.Reference(), "name", change.To)
}

func (v *VCenter) clusters() ([]Cluster, error) {
	clusters := []Cluster{}
	for _, each := range v.all(clusterType) {
		found, ok := each.(*simulator.ClusterComputeResource)
		if !ok {
			return nil, fmt.Errorf("%w kind of cluster %T", errUnknown, each)
		}
		clusters = append(clusters, Cluster{
			Name:       found.Name,
			Datastores: v.names(found.Datastore),
			Networks:   v.names(found.Network),
			Reference:  found.Self.Value,
		})
	}
	return clusters, nil
}

func (v *VCenter) names(refs []types.ManagedObjectReference) []string {
	names := []string{}
	for _, ref := range refs {
		if entity, ok := v.registry.Get(ref).(mo.Entity); ok {
			names = append(names, nameOf(entity))
		}
	}
	return names
}

func (v *VCenter) addCluster(wanted Cluster) (Cluster, error) {
	made, err := v.folders.HostFolder.CreateCluster(context.Background(), wanted.Name, types.ClusterConfigSpecEx{})
	if err != nil {
		return wanted, err
	}
	wanted.Reference = made.Reference().Value
	return wanted, v.equip(made.Reference(), wanted)
}

// equip gives a cluster its datastores and networks.
func (v *VCenter) equip(cluster types.ManagedObjectReference, wanted Cluster) error {
	datastores := []types.ManagedObjectReference{}
	for _, name := range wanted.Datastores {
		datastore, err := v.datastore(name)
		if err != nil {
			return err
		}
		datastores = append(datastores, datastore)
	}
	networks := []types.ManagedObjectReference{}
	for _, name := range wanted.Networks {
		network, err := v.named("DistributedVirtualPortgroup", name)
		if err != nil {
			return err
		}
		networks = append(networks, network.Reference())
	}
	if err := v.set(cluster, "datastore", datastores); err != nil {
		return err
	}
	return v.set(cluster, "network", networks)
}

// datastore finds a datastore, or makes one that no host has mounted.
func (v *VCenter) datastore(name string) (types.ManagedObjectReference, error) {
	if found, err := v.named("Datastore", name); err == nil {
		return found.Reference(), nil
	}
	made := v.registry.NewEntity(&simulator.Datastore{})
	made.Entity().Name = name
	return made.Reference(), v.putChild(v.folders.DatastoreFolder.Reference(), made)
}

// putChild lists an object in its folder first: the views look there for what may be shown.
func (v *VCenter) putChild(parent types.ManagedObjectReference, child mo.Entity) error {
	folder, err := v.folder(parent)
	if err != nil {
		return err
	}
	if err := v.set(parent, "childEntity", append(slices.Clone(folder.ChildEntity), child.Reference())); err != nil {
		return err
	}
	v.registry.PutEntity(folder, child)
	return nil
}

func (v *VCenter) folder(ref types.ManagedObjectReference) (*simulator.Folder, error) {
	folder, ok := v.registry.Get(ref).(*simulator.Folder)
	if !ok {
		return nil, fmt.Errorf("%w folder %v", errUnknown, ref)
	}
	return folder, nil
}

// removeCluster makes a cluster vanish. The simulator has no Destroy_Task for one: it is taken out of its folder and the
// registry, which tells whoever waits for updates.
func (v *VCenter) removeCluster(name string) error {
	cluster, err := v.named(clusterType, name)
	if err != nil {
		return err
	}
	parent := v.folders.HostFolder.Reference()
	folder, err := v.folder(parent)
	if err != nil {
		return err
	}
	rest := slices.DeleteFunc(slices.Clone(folder.ChildEntity), func(ref types.ManagedObjectReference) bool {
		return ref == cluster.Reference()
	})
	if err := v.set(parent, "childEntity", rest); err != nil {
		return err
	}
	v.registry.Remove(v.context, cluster.Reference())
	return nil
}

// hideCluster makes a cluster vanish from every view, as for a user who may no longer see it; asked for by its
// reference it still answers.
func (v *VCenter) hideCluster(name string) error {
	cluster, err := v.named(clusterType, name)
	if err != nil {
		return err
	}
	if err := v.removeCluster(name); err != nil {
		return err
	}
	v.registry.Put(cluster)
	return nil
}
