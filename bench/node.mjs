// The other side of the comparison: the same answers from a tuned Node server, on a copy of the same database. Prepared
// statements, compiled queries, rows joined in one statement, what rarely changes kept in memory. No sign-in, no limits, no log.
//
// node bench/node.mjs DATABASE PORT [cache]   With `cache`, whole answers are kept until a booking is made.
import Database from 'better-sqlite3'
import fastify from 'fastify'
import { buildSchema, parse } from 'graphql'
import { compileQuery } from 'graphql-jit'
import { randomBytes, randomUUID } from 'node:crypto'
import { createElement as h } from 'react'
import { renderToString } from 'react-dom/server'

const [path, port, cached] = process.argv.slice(2)
const db = new Database(path)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.pragma('cache_size = -32000')

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const uuid = (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
const blob = (text) => Buffer.from(text.replaceAll('-', ''), 'hex')
const iso = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`

// What the practice offers changes rarely and is kept.
const types = new Map(db.prepare('select * from session_types').all().map((row) => [uuid(row.id), row]))
const bySlug = new Map([...types.values()].map((row) => [row.slug, row]))
const therapists = db.prepare('select * from therapists order by position').all()
const WEEK = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY']
const minutesOf = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
const hours = new Map(therapists.map((row) => [uuid(row.id), WEEK.map(() => [])]))
for (const row of db.prepare('select * from weekly_hours order by starts').all()) {
  hours.get(uuid(row.therapist_id))[WEEK.indexOf(row.weekday)].push([minutesOf(row.starts), minutesOf(row.ends)])
}

const occupied = db
  .prepare('select starts_at / 1000, ends_at / 1000 from occupancy where therapist_id = ? and ends_at > ? and starts_at < ? order by starts_at')
  .raw(true)

// The free starts of some days, by date: one pass over the grid and what is taken, both in order.
function freeDays(type, therapist, from, to, now) {
  const taken = occupied.all(blob(therapist), from * 1000, (to + 2 * DAY) * 1000)
  const earliest = now + type.notice_minutes * MINUTE
  const last = Math.floor(now / DAY) * DAY + type.horizon_days * DAY
  const days = []
  let next = 0
  for (let day = from; day <= to && day <= last; day += DAY) {
    const starts = []
    for (const [opens, closes] of hours.get(therapist)[new Date(day).getUTCDay()]) {
      const step = type.grid_minutes
      for (let minute = Math.ceil(opens / step) * step; minute + type.minutes <= closes; minute += step) {
        const at = day + minute * MINUTE
        if (at < earliest) continue
        const begins = at - type.buffer_before * MINUTE
        const ends = at + (type.minutes + type.buffer_after) * MINUTE
        while (next < taken.length && taken[next][1] <= begins) next += 1
        if (next < taken.length && taken[next][0] < ends) continue
        starts.push(at)
      }
    }
    if (starts.length > 0) days.push({ at: day, starts })
  }
  return days
}

const list = db.prepare(
  `select b.id, b.reference, b.status, b.starts_at / 1000 as starts, b.ends_at / 1000 as ends, b.guest_name, b.client_id, u.name as client_name, s.name as type_name, s.slug
   from bookings b join session_types s on s.id = b.session_type_id left join clients c on c.id = b.client_id
   left join users u on u.id = c.user_id
   where b.therapist_id = ? and b.status = 'CONFIRMED' and b.starts_at >= ? order by b.starts_at, b.id limit ?`,
)

const insertUser = db.prepare(
  `insert into users (id, email, email_canonical, name, phone, time_zone, role, created_at) values (?, ?, ?, ?, ?, 'UTC', 'CLIENT', ?)`,
)
const insertClient = db.prepare(
  `insert into clients (id, user_id, therapist_id, stage, stage_since, sealed_key, created_at) values (?, ?, ?, 'DISCOVERY_BOOKED', ?, ?, ?)`,
)
const insertBooking = db.prepare(
  `insert into bookings (id, reference, client_id, therapist_id, session_type_id, status, starts_at, ends_at, local_date, local_time, time_zone,
   modality, price_amount, price_currency, guest_name, guest_email, guest_email_canonical, guest_phone, guest_time_zone, manage_hash, created_at)
   values (?, ?, ?, ?, ?, 'CONFIRMED', ?, ?, ?, ?, 'UTC', ?, 0, 'GBP', ?, ?, ?, ?, 'UTC', ?, ?)`,
)
const insertOccupancy = db.prepare(
  `insert into occupancy (id, kind, therapist_id, client_id, booking_id, session_type_id, starts_at, ends_at, session_starts_at, session_ends_at, created_at)
   values (?, 'BOOKING', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const insertJob = db.prepare(
  `insert into jobs (id, job, kind, state, due_at, run_at, created_at) values (?, ?, ?, 'QUEUED', ?, ?, ?)`,
)
const newId = () => blob(randomUUID())

const book = db.transaction((input) => {
  const type = types.get(input.sessionTypeId)
  const at = Date.parse(input.startsAt)
  const now = Date.now()
  const day = Math.floor(at / DAY) * DAY
  const free = freeDays(type, input.therapistId, day, day, now)
  if (!free.some((row) => row.starts.includes(at))) throw new Error('taken')
  const [user, client, booking, stamp] = [newId(), newId(), newId(), now * 1000]
  const therapist = blob(input.therapistId)
  insertUser.run(user, input.email, input.email, input.name, input.phone, stamp)
  insertClient.run(client, user, therapist, stamp, randomBytes(72), stamp)
  const [starts, ends] = [at * 1000, (at + type.minutes * MINUTE) * 1000]
  const text = new Date(at).toISOString()
  const reference = booking.toString('hex').slice(0, 10).toUpperCase()
  insertBooking.run(
    booking, reference, client, therapist, type.id, starts, ends, text.slice(0, 10), text.slice(11, 16), type.modality,
    input.name, input.email, input.email, input.phone, randomBytes(32), stamp,
  )
  const [from, to] = [starts - type.buffer_before * MINUTE * 1000, ends + type.buffer_after * MINUTE * 1000]
  insertOccupancy.run(newId(), therapist, client, booking, type.id, from, to, starts, ends, stamp)
  insertJob.run(newId(), JSON.stringify({ tell: uuid(booking) }), 'TELL_CLIENT', stamp, stamp + 180_000_000, stamp)
  insertJob.run(newId(), JSON.stringify({ tell: uuid(booking) }), 'TELL_THERAPIST', stamp, stamp + 180_000_000, stamp)
  return reference
})

const schema = buildSchema(`
  type Query { availability(input: AvailabilityInput!): Availability!  viewer: Viewer! }
  type Mutation { bookDiscovery(input: BookDiscoveryInput!): BookPayload! }
  input AvailabilityInput { sessionTypeId: ID!  therapistId: ID!  from: String!  to: String! }
  input BookDiscoveryInput { sessionTypeId: ID!  therapistId: ID!  startsAt: String!  name: String!  email: String!  phone: String! }
  type Availability { days: [Day!]!  nextAvailable: Slot }
  type Day { date: String!  slots: [Slot!]! }
  type Slot { startsAt: String!  endsAt: String!  therapist: Therapist! }
  type Therapist { id: ID! }
  type Viewer { therapist: Desk }
  enum BookingStatus { CONFIRMED COMPLETED }
  input BookingFilter { statuses: [BookingStatus!]  from: String }
  type Desk { bookingList(first: Int!, filter: BookingFilter): BookingConnection! }
  type BookingConnection { nodes: [PracticeBooking!]! }
  type PracticeBooking { guestName: String!  clientId: ID  booking: Booking! }
  type Booking { id: ID!  reference: String!  status: String!  startsAt: String!  endsAt: String!  sessionType: SessionType! }
  type SessionType { name: String!  slug: String! }
  type BookPayload { booking: Booked  userErrors: [UserError!]! }
  type Booked { reference: String! }
  type UserError { code: String! }
`)

// What answers a field; every other one is a property of what is above it.
const resolvers = {
  availability({ input }) {
    const type = types.get(input.sessionTypeId)
    const now = Date.now()
    const therapist = { id: input.therapistId }
    const slot = (at) => ({ startsAt: iso(at), endsAt: iso(at + type.minutes * MINUTE), therapist })
    const days = freeDays(type, input.therapistId, Date.parse(input.from), Date.parse(input.to), now)
    const first = days[0]?.starts[0]
    return {
      days: days.map((day) => ({ date: iso(day.at).slice(0, 10), slots: day.starts.map(slot) })),
      nextAvailable: first === undefined ? null : slot(first),
    }
  },
  bookingList({ first, filter }) {
    const rows = list.all(therapists[0].id, Date.parse(filter.from) * 1000, first)
    return {
      nodes: rows.map((row) => ({
        guestName: row.client_name ?? row.guest_name,
        clientId: uuid(row.client_id),
        booking: {
          id: uuid(row.id), reference: row.reference, status: row.status, startsAt: iso(row.starts), endsAt: iso(row.ends),
          sessionType: { name: row.type_name, slug: row.slug },
        },
      })),
    }
  },
  bookDiscovery({ input }) {
    try {
      const reference = book.immediate(input)
      kept.clear()
      return { booking: { reference }, userErrors: [] }
    } catch (error) {
      if (!/taken|overlap/.test(error.message)) throw error
      return { booking: null, userErrors: [{ code: 'SLOT_TAKEN' }] }
    }
  },
}

for (const [type, field] of [['Query', 'availability'], ['Desk', 'bookingList'], ['Mutation', 'bookDiscovery']]) {
  schema.getType(type).getFields()[field].resolve = (_, args) => resolvers[field](args)
}
const root = { viewer: { therapist: {} } }

const compiled = new Map()
function compile(text) {
  let query = compiled.get(text)
  if (!query) {
    query = compileQuery(schema, parse(text), undefined, { customJSONSerializer: true })
    compiled.set(text, query)
  }
  return query
}

// Whole answers by what was asked, with `cache`; forgotten with every booking.
const kept = new Map()

const server = fastify()
// The body stays text: it is the key of the cache.
server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => done(null, body))
server.post('/graphql', async (request, reply) => {
  reply.type('application/json; charset=utf-8')
  const known = cached && kept.get(request.body)
  if (known) return known
  const { query: text, variables } = JSON.parse(request.body)
  const query = compile(text)
  const answer = query.stringify(await query.query(root, {}, variables ?? {}))
  if (cached && !text.startsWith('mutation')) kept.set(request.body, Buffer.from(answer))
  return answer
})

const clock = (at) => new Date(at).toISOString().slice(11, 16)
const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']

function Month({ days, first, chosen, slug }) {
  const open = new Set(days.map((day) => day.at))
  const start = first - ((new Date(first).getUTCDay() + 6) % 7) * DAY
  const weeks = [0, 1, 2, 3, 4, 5].map((week) => [0, 1, 2, 3, 4, 5, 6].map((day) => start + (week * 7 + day) * DAY))
  const cell = (at) => {
    const date = iso(at).slice(0, 10)
    const inside = open.has(at)
      ? h('a', { href: `/book/${slug}?day=${date}`, 'aria-label': new Date(at).toUTCString().slice(0, 16), tabIndex: at === chosen ? 0 : -1 }, new Date(at).getUTCDate())
      : h('span', { 'aria-disabled': true }, new Date(at).getUTCDate())
    return h('td', { key: at, role: 'gridcell', 'aria-selected': at === chosen }, inside)
  }
  return h('table', { role: 'grid', className: 'month' },
    h('thead', null, h('tr', null, WEEKDAYS.map((day) => h('th', { key: day, scope: 'col' }, day)))),
    h('tbody', null, weeks.map((week) => h('tr', { key: week[0] }, week.map(cell)))))
}

function Slots({ day, slug, type }) {
  const row = (at) =>
    h('li', { key: at }, h('label', { className: 'slot' },
      h('input', { type: 'radio', name: 'slot', value: iso(at), 'aria-label': `${clock(at)} to ${clock(at + type.minutes * MINUTE)}` }),
      h('time', { dateTime: iso(at) }, clock(at)), h('span', { className: 'soft' }, `${type.minutes} minutes`)))
  return h('form', { method: 'post', action: `/book/${slug}/hold` }, h('ol', { className: 'slots' }, day.starts.map(row)),
    h('button', { type: 'submit' }, 'Go on'))
}

function BookingPage({ type, days, chosen }) {
  const day = days.find((row) => row.at === chosen) ?? days[0]
  const first = Date.UTC(new Date(day.at).getUTCFullYear(), new Date(day.at).getUTCMonth(), 1)
  const link = (href, text) => h('li', { key: href }, h('a', { href }, text))
  return h('html', { lang: 'en' },
    h('head', null, h('title', null, `Book a ${type.name}`), h('meta', { charSet: 'utf-8' }),
      h('meta', { name: 'description', content: type.summary }), h('link', { rel: 'stylesheet', href: '/style.css' })),
    h('body', null,
      h('header', null, h('a', { href: '/' }, 'Practice'), h('nav', null, h('ul', null, link('/about', 'About'), link('/faq', 'Questions'), link('/contact', 'Contact')))),
      h('main', null, h('h1', null, `Book a ${type.name}`), h('p', { className: 'lead' }, type.summary),
        h(Month, { days, first, chosen: day.at, slug: type.slug }), h('h2', null, new Date(day.at).toUTCString().slice(0, 16)),
        h(Slots, { day, slug: type.slug, type })),
      h('aside', null, h('h2', null, 'In a crisis'), h('ul', null, link('tel:116123', 'Samaritans'), link('tel:999', 'Emergency services'))),
      h('footer', null, h('ul', null, link('/privacy', 'Privacy'), link('/terms', 'Terms'))),
      h('script', { type: 'application/json', id: 'data', dangerouslySetInnerHTML: { __html: JSON.stringify(days) } })))
}

server.get('/book/:slug', async (request, reply) => {
  const type = bySlug.get(request.params.slug)
  const now = Date.now()
  const from = Math.floor(now / DAY) * DAY
  const days = freeDays(type, uuid(therapists[0].id), from, from + 42 * DAY, now)
  reply.type('text/html; charset=utf-8')
  return `<!doctype html>${renderToString(h(BookingPage, { type, days, chosen: Date.parse(request.query.day ?? '') }))}`
})
server.get('/health', async () => 'ok')

await server.listen({ port: Number(port), host: '127.0.0.1' })
