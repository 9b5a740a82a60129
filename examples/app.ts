import { createClient, LecternError } from '../client/src/index.ts'
import { openRealtime } from '../client/src/realtime.ts'
import { catalogueView } from './catalogue.ts'
import { chatView } from './chat.ts'
import { courseView } from './course.ts'
import { element, form } from './element.ts'
import { lessonView } from './lesson.ts'
import type { School } from './school.ts'

const client = createClient()
const realtime = openRealtime(client)
const school: School = { client, realtime, fail, show }

const byId = (id: string) => document.getElementById(id) ?? document.body

function fail(error: unknown): void {
  const fields =
    error instanceof LecternError ? error.errors.map(({ path, message }) => `${path} ${message}`) : []
  byId('fault').textContent = [error instanceof Error ? error.message : String(error), ...fields].join(' ')
}

/** The page that the address asks for. */
async function show(): Promise<void> {
  byId('fault').textContent = ''
  const [, place, id = '', , lessonId = ''] = location.hash.split('/')
  try {
    const view =
      place === 'courses' && lessonId
        ? await lessonView(school, id, lessonId)
        : place === 'courses'
          ? await courseView(school, id)
          : place === 'chat'
            ? await chatView(school, id)
            : await catalogueView(school)
    byId('main').replaceChildren(view)
  } catch (error) {
    byId('main').replaceChildren()
    fail(error)
  }
}

function showPerson(): void {
  const { user } = client.session
  const email = { name: 'email', type: 'email', placeholder: 'E-mail', autocomplete: 'username' } as const
  const password = {
    name: 'password',
    type: 'password',
    placeholder: 'Password',
    autocomplete: 'current-password',
  } as const
  byId('person').replaceChildren(
    user
      ? element(
          'div',
          {},
          `${user.name} `,
          element('button', { onclick: () => client.auth.logout().catch(fail) }, 'Sign out'),
        )
      : form(
          [email, password],
          {
            'Sign in': ({ email = '', password = '' }) => client.auth.login({ email, password }),
            Register: ({ email = '', password = '' }) =>
              client.auth.register({ email, password, name: email.split('@')[0] ?? email }),
          },
          fail,
        ),
  )
}

// Here or in another tab.
let signedIn: string | undefined
client.session.onChange(({ user }) => {
  if (user?.id === signedIn) return
  signedIn = user?.id
  showPerson()
  void show()
})
window.onhashchange = () => void show()
await client.session.restore().catch(fail)
if (!client.session.user) {
  showPerson()
  await show()
}
// To be played with in the console.
Object.assign(globalThis, { school })
