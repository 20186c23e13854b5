// Starts GraphiQL with examples that work on the practice it is served by.
/* global GraphiQL, React, ReactDOM, graphqlWs */
(() => {
  // By the practice's clock, which in a demo may have been pushed; `free` is a start that can be booked.
  // Each with a start of its own: what one takes is not free for the next.
  const examples = (day, [held, booked = held, asked = booked]) => [
    [
      `# The people and what can be booked with them. Copy ids from here into the other tabs.
query Practice {
  practice { name timeZone now }
  sessionTypes { id slug name minutes }
  therapists { id slug name }
}`,
    ],
    [
      `# What is free in the next two weeks.
query Availability($input: AvailabilityInput!) {
  availability(input: $input) {
    days { date slots { startsAt endsAt therapist { id name } } }
    nextAvailable { startsAt }
  }
}`,
      { input: { sessionTypeId: '', from: day(0), to: day(14) } },
    ],
    [
      `# Keeps a start for a few minutes while somebody fills in a form.
mutation HoldSlot($input: HoldSlotInput!) {
  holdSlot(input: $input) {
    hold { token expiresAt }
    userErrors { code field message }
    alternatives { startsAt }
  }
}`,
      { input: { sessionTypeId: '', startsAt: held } },
    ],
    [
      `# Books a free discovery call. The same idempotencyKey books once, however often it is sent.
mutation BookDiscovery($input: BookDiscoveryInput!) {
  bookDiscovery(input: $input) {
    booking { reference status startsAt endsAt }
    manageToken
    userErrors { code field message }
    alternatives { startsAt therapist { name } }
  }
}`,
      {
        input: {
          sessionTypeId: '',
          startsAt: booked,
          name: 'Ben Example',
          email: 'ben@example.org',
          phone: '+44 20 7946 0018',
          idempotencyKey: 'an-example-key',
        },
      },
    ],
    [
      `# A booking by its reference: when and with whom, never who it is for. Put a reference in below.
query Booking($reference: String!) {
  booking(reference: $reference) { reference status startsAt endsAt therapist { name } }
}`,
      { reference: '' },
    ],
    [
      `# Why is this start offered, or why not?
query ExplainStart($input: ExplainStartInput!) {
  explainStart(input: $input) { offered reasons { code message } userErrors { field message } }
}`,
      { input: { sessionTypeId: '', therapistId: '', startsAt: asked } },
    ],
    [
      `# Whoever is signed in. Everything private hangs under viewer.
query Viewer {
  viewer { user { name role } client { bookings(first: 10) { nodes { reference startsAt } } } therapist { profile { name } } }
}`,
    ],
    [
      `# Says when something became free or taken. Book in another tab to see it.
subscription AvailabilityChanged($sessionTypeId: SessionTypeId!) {
  availabilityChanged(sessionTypeId: $sessionTypeId) { sessionTypeId }
}`,
      { sessionTypeId: '' },
    ],
  ]

  const live = new URL('/graphql/ws', location.href)
  live.protocol = live.protocol.replace('http', 'ws')
  const fetcher = GraphiQL.createFetcher({
    url: '/graphql',
    wsClient: graphqlWs.createClient({ url: live.href, lazy: true }),
  })

  const ask = async (query, variables) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    return (await answer.json()).data
  }

  const open = (now, starts, ids) => {
    const day = (ahead) => new Date(now + ahead * 86_400_000).toISOString().slice(0, 10)

    const fill = (variables) => {
      const filled = structuredClone(variables)
      for (const place of [filled, filled.input].filter(Boolean)) {
        for (const [name, id] of Object.entries(ids)) if (place[name] === '') place[name] = id
      }
      return JSON.stringify(filled, null, 2)
    }
    ReactDOM.createRoot(document.getElementById('explorer')).render(
      React.createElement(GraphiQL, {
        fetcher,
        defaultTabs: examples(day, starts).map(([query, variables]) => ({ query, variables: variables && fill(variables) })),
        defaultEditorToolsVisibility: 'variables',
        shouldPersistHeaders: false,
      }),
    )
  }

  // The examples ask about what this practice really has.
  const begin = async () => {
    const { practice, sessionTypes, therapists } = await ask('{ practice { now } sessionTypes { id } therapists { id } }')
    const [sessionTypeId, therapistId] = [sessionTypes[0].id, therapists[0].id]
    const now = Date.parse(practice.now)
    const [from, to] = [0, 30].map((days) => new Date(now + days * 86_400_000).toISOString().slice(0, 10))
    const found = await ask('query ($input: AvailabilityInput!) { availability(input: $input) { days { slots { startsAt } } } }', {
      input: { sessionTypeId, therapistId, from, to },
    })
    const starts = (found?.availability?.days ?? []).flatMap((day) => day.slots.map((slot) => slot.startsAt))
    open(now, starts.length ? starts : [practice.now], { sessionTypeId, therapistId })
  }
  begin().catch(() => open(Date.now(), [new Date().toISOString()], {}))
})()
