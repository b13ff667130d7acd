import { readQualified } from '../../../src/protocol/core';
import type { PanelFacts } from '../../../src/protocol/panel';
import { carriersOf } from '../model/carriers';

type Network = PanelFacts['network'];

/** What a parameter does: how it is drawn, and which are looked at first. */
export type Role = 'recurrent' | 'input' | 'bias' | 'output' | 'embedding';

/** A parameter with its place in the columns of an observation. */
export interface ParameterEntry {
  readonly index: number;
  readonly name: string;
  readonly symbol: string;
  readonly role: Role;
  /** From 1; 0: it belongs to no layer. */
  readonly layer: number;
  /** Of a model of examples the variable whose cell it belongs to: `d` of `d.W`; empty: none. */
  readonly owner: string;
}

/** The parameters that are drawn together. */
export type Group =
  | { readonly kind: 'all' | 'recurrent' | 'output' | 'others' }
  | { readonly kind: 'owner'; readonly owner: string }
  | { readonly kind: 'layer'; readonly layer: number };

/** More lines than this in one picture are no picture. */
const mostLines = 12;

const order: readonly Role[] = ['recurrent', 'input', 'bias', 'embedding', 'output'];

/** All parameters, recurrent matrices first, then those of the inputs, biases, and the output layer's. */
export function parameterEntries(network: Network): ParameterEntry[] {
  const { recurrent, output } = carriersOf(network);
  return network.parameters
    .map(({ name, symbol, shape }, index) => {
      const { place, layer } = readQualified(name);
      const isOwned = layer === 0 && place !== 'output' && place !== 'embedding';
      const isOutput = isOwned && output.has(symbol);
      const role = isOutput ? 'output' : roleOf(place, recurrent.has(symbol), shape.length === 2);
      return { index, name, symbol, role, layer, owner: isOwned ? place : '' };
    })
    .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role) || a.index - b.index);
}

function roleOf(place: string, isRecurrent: boolean, isMatrix: boolean): Role {
  if (place === 'output' || place === 'embedding') return place;
  if (!isMatrix) return 'bias';
  return isRecurrent ? 'recurrent' : 'input';
}

/** How parameters can be chosen, the first being shown at first; one choice where there are few. */
export function groupsOf(entries: readonly ParameterEntry[]): Group[] {
  if (entries.length <= mostLines) return [{ kind: 'all' }];
  const layers = new Set(entries.map(({ layer }) => layer).filter((layer) => layer > 0));
  const owners = new Set(entries.map(({ owner }) => owner).filter((owner) => owner !== ''));
  return [
    ...(entries.some(({ role }) => role === 'recurrent') ? [{ kind: 'recurrent' } as const] : []),
    ...[...layers].map((layer) => ({ kind: 'layer', layer }) as const),
    ...[...owners].map((owner) => ({ kind: 'owner', owner }) as const),
    ...(entries.some(isAlone) ? [{ kind: layers.size > 0 ? 'output' : 'others' } as const] : []),
  ];
}

/** The parameters of a group, in the order they are drawn and listed. */
export function entriesOf(entries: readonly ParameterEntry[], group: Group): ParameterEntry[] {
  switch (group.kind) {
    case 'all':
      return [...entries];
    case 'recurrent':
      return entries.filter(({ role }) => role === 'recurrent');
    case 'layer':
      return entries.filter(({ layer }) => layer === group.layer);
    case 'owner':
      return entries.filter(({ owner }) => owner === group.owner);
    case 'output':
    case 'others':
      return entries.filter(isAlone);
  }
}

function isAlone({ layer, owner }: ParameterEntry): boolean {
  return layer === 0 && owner === '';
}
