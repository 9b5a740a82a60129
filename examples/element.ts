type Child = Node | string | null

/** Makes an element: its properties, then what is in it. Texts are texts, never HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children.filter((child) => child !== null))
  return made
}

/** A form of one or more fields; what was entered, by their names. */
export function form(
  fields: readonly Partial<HTMLInputElement>[],
  actions: Readonly<Record<string, (entered: Record<string, string>) => Promise<unknown>>>,
  fail: (error: unknown) => void,
): HTMLFormElement {
  const inputs = fields.map((field) => element('input', { required: true, ...field }))
  const buttons = Object.keys(actions).map((text) => element('button', { value: text }, text))
  const made = element('form', {}, ...inputs, ...buttons)
  made.onsubmit = (event) => {
    event.preventDefault()
    const { value = '' } = (event.submitter ?? buttons[0]) as HTMLButtonElement
    const entered = Object.fromEntries(inputs.map((input) => [input.name, input.value]))
    Promise.resolve(actions[value]?.(entered)).catch(fail)
  }
  return made
}
