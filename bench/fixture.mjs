// Fills the database of a demo with a fixture: 2 000 clients, 7 131 sessions of the past, 200 sessions on the 60 days to come, of
// one therapist with plain hours who has some 190 free starts left; and a second therapist with room for more bookings than a
// run can make.
import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'

export const CLIENTS = 2000
export const PAST = 7131
export const AHEAD = 200

const MINUTE = 60_000_000
const DAY = 24 * 60 * MINUTE

// The same ids in every run.
const id = (kind, number) => createHash('sha256').update(`${kind} ${number}`).digest().subarray(0, 16)

// Mulberry32, so that every run draws the same.
function draws(state) {
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const uuid = (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

// Fills the database at `path`; answers with what the load asks for.
export function fill(path) {
  const db = new Database(path)
  const now = BigInt(Date.now()) * 1000n
  const today = (now / BigInt(DAY)) * BigInt(DAY)
  const one = (sql, ...values) => db.prepare(sql).get(...values)
  const run = (sql, ...values) => db.prepare(sql).run(...values)

  const work = () => {
    const settings = JSON.parse(one('select settings from practice').settings)
    Object.assign(settings, { sessionsPerDay: null, consecutiveSessions: null })
    run("update practice set time_zone = 'UTC', settings = ?", JSON.stringify(settings))
    const [ada, samir] = db.prepare('select id, user_id, slug from therapists order by position').all()
    const call = one("select id, slug from session_types where gate = 'DISCOVERY'")
    const session = one("select id from session_types where gate = 'CLIENTS' order by position")
    run(
      `update session_types set modality = 'PHONE', minutes = 20, buffer_before = 0, buffer_after = 10, grid_minutes = 60,
       notice_minutes = 720, horizon_days = 70, per_day = null where id = ?`,
      call.id,
    )
    // Starts that are sold under load: every five minutes of every day.
    const quick = id('session type', 1)
    run(
      `insert into session_types (id, slug, name, summary, description, gate, modality, minutes, buffer_before,
       buffer_after, grid_minutes, notice_minutes, horizon_days, price_amount, price_currency)
       values (?, 'quick', 'Quick call', '', '[]', 'DISCOVERY', 'PHONE', 5, 0, 0, 5, 0, 400, 0, 'GBP')`,
      quick,
    )
    run('delete from occupancy')
    run('delete from weekly_hours')
    run('delete from date_overrides')
    const hours = db.prepare('insert into weekly_hours (id, therapist_id, weekday, starts, ends) values (?, ?, ?, ?, ?)')
    for (const [number, day] of ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'].entries()) {
      hours.run(id('hours', number), ada.id, day, '09:00', '18:00')
    }
    const everyDay = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']
    for (const [number, day] of everyDay.entries()) hours.run(id('hours', 10 + number), samir.id, day, '00:00', '23:55')

    const user = db.prepare(
      `insert into users (id, email, email_canonical, name, phone, time_zone, role, email_proven_at, created_at)
       values (?, ?, ?, ?, '+44 20 7946 0000', 'Europe/London', 'CLIENT', ?, ?)`,
    )
    const client = db.prepare(
      `insert into clients (id, user_id, therapist_id, stage, stage_since, discovery_completed_at, sealed_key, created_at)
       values (?, ?, ?, 'ACTIVE', ?, ?, ?, ?)`,
    )
    for (let number = 0; number < CLIENTS; number += 1) {
      const email = `person${number}@example.org`
      user.run(id('user', number), email, email, `Person ${number}`, now, now)
      client.run(id('client', number), id('user', number), ada.id, now, now, id('key', number), now)
    }

    const booking = db.prepare(
      `insert into bookings (id, reference, client_id, therapist_id, session_type_id, status, starts_at, ends_at,
       local_date, local_time, time_zone, modality, price_amount, price_currency, guest_name, guest_email,
       guest_email_canonical, guest_phone, guest_time_zone, manage_hash, told_sequence, therapist_told_sequence, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'UTC', 'ONLINE', 7500, 'GBP', ?, ?, ?, '', 'Europe/London', ?, 0, 0, ?)`,
    )
    const occupancy = db.prepare(
      `insert into occupancy (id, kind, therapist_id, client_id, booking_id, session_type_id, starts_at, ends_at,
       session_starts_at, session_ends_at, created_at) values (?, 'BOOKING', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    const write = (number, status, startsAt) => {
      const who = number % CLIENTS
      const endsAt = startsAt + BigInt(50 * MINUTE)
      const text = new Date(Number(startsAt / 1000n)).toISOString()
      const key = id('booking', number)
      const email = `person${who}@example.org`
      booking.run(
        key, `R${number.toString(36).toUpperCase().padStart(7, '0')}`, id('client', who), ada.id, session.id, status,
        startsAt, endsAt, text.slice(0, 10), text.slice(11, 16), `Person ${who}`, email, email, id('manage', number), now,
      )
      if (status !== 'CONFIRMED') return
      const blocked = endsAt + BigInt(10 * MINUTE)
      occupancy.run(id('occupancy', number), ada.id, id('client', who), key, session.id, startsAt, blocked, startsAt, endsAt, now)
    }
    const isWorkday = (at) => ![0, 6].includes(new Date(Number(at / 1000n)).getUTCDay())
    const back = (days) => today - BigInt(days) * BigInt(DAY)
    let number = 0
    for (let day = 1; number < PAST; day += 1) {
      if (!isWorkday(back(day))) continue
      for (let hour = 9; hour < 17 && number < PAST; hour += 1) {
        write(number, 'COMPLETED', back(day) + BigInt(hour * 60 * MINUTE))
        number += 1
      }
    }
    const draw = draws(7)
    const taken = new Set()
    while (taken.size < AHEAD) {
      const at = today + BigInt(1 + draw(60)) * BigInt(DAY) + BigInt((9 + draw(9)) * 60 * MINUTE)
      if (!isWorkday(at) || taken.has(at)) continue
      taken.add(at)
      write(number, 'CONFIRMED', at)
      number += 1
    }
    return {
      ada: uuid(ada.id), adaUser: uuid(ada.user_id), samir: uuid(samir.id), call: uuid(call.id), slug: call.slug,
      quick: uuid(quick), client: uuid(id('user', 0)),
    }
  }
  try {
    return db.transaction(work)()
  } finally {
    db.pragma('wal_checkpoint(truncate)')
    db.close()
  }
}
