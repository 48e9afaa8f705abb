"""The simulation: the product's own use cases, doors and consumers, in memory, on bad days.

    chance ──> scheduler ──> one step: a caller's call, a message, a timer, a webhook, the outside world
                   │             │ every touch of store and Stripe
                   │             v
                   │         faults.Outside: kills, lost answers, conflicts, throttling, stale indexes,
                   │             │            or a whole other step in between
                   v             v
                 laws after every commit, and all of them once the faults have stopped

One seed decides everything, so a seed that breaks a law plays again byte for byte:
`make simulate SEED=n`. What runs is the product itself from the endpoint functions down; what is modelled
is what stands around it: the tables (`store.py`), the queues (`queues.py`), Stripe (`stripe_model.py`), the
clock, and people (`deeds/`).

Interleaving. Use cases are synchronous, so another step runs whole at a touch of the one before it, which
waits; steps nest up to `DEPTH_MAX` deep. That is every schedule in which the later of two steps ends first.
The others differ from one of these only by when somebody read: a read changes nothing, and a commit whose
read was overtaken is refused by its version either way. What is left, two steps that both commit several
times and take turns, is reached by kills: a killed step's later commits happen after everybody else's.
"""
