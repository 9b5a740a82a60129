/** What Mermaid would not take of a diagram, in lines; sequence and state diagrams in the part of the language that we use. */
export function faultsOfMermaid(text: string): string[] {
  const [kind = '', ...lines] = text.trimEnd().split('\n')
  if (kind !== 'sequenceDiagram' && kind !== 'stateDiagram-v2') return [`an unknown kind: ${kind}`]
  const people = new Set<string>()
  return lines.filter((line) => {
    const said = line.trim()
    if (kind === 'stateDiagram-v2') return !/^(\[\*\]|\w+) --> (\[\*\]|\w+)(: [^;#]+)?$/.test(said)
    const [, person] = /^participant (\w+) as [^;#]+$/.exec(said) ?? []
    if (person !== undefined) return !people.add(person)
    const [, from, to] = /^(\w+)-?->>(\w+): .+$/.exec(said) ?? []
    if (from !== undefined && to !== undefined)
      // A semicolon ends a statement, unless words come after it.
      return !people.has(from) || !people.has(to) || said.includes('#')
    const [, over] = /^Note over (\w+(?:,\w+)*): [^#]+$/.exec(said) ?? []
    return over === undefined || over.split(',').some((one) => !people.has(one))
  })
}

/** The paths of a drawn tree of files (`├─ name   what it is`): several names on a line stand beside each other. */
export function pathsOfTree(text: string): string[] {
  const folders: string[] = []
  return text.split('\n').flatMap((line) => {
    const [, lead = '', names = ''] = /^((?:[│ ] {2})*)[├└]─ (\S+(?: \S+)*)/.exec(line) ?? []
    if (names === '') return []
    const depth = lead.length / 3
    const inside = folders.slice(0, depth).join('')
    const paths = names.split(' ').map((name) => inside + name)
    folders.length = depth
    folders.push(names.split(' ').at(-1) ?? '')
    return paths
  })
}
