/// What `tollbook init` writes: a configuration in which every section is explained.
public enum ConfigurationExample {
  public static let text = """
    # The configuration of tollbook. Every key is optional; paths are relative to this file.
    # Amounts are decimals in quotes, so that no reader can round them.

    # Where usage is kept. --ledger names another file.
    ledger: tollbook.db

    # Where the logs come from: equal request ids under two names are two requests.
    # A log that was read under one name is another log under the next. --source names another.
    # source: eu-cluster

    # Days and months in reports and budgets: an IANA name, or an offset such as "+05:30".
    timezone: UTC

    # Your own prices, before the built-in ones. `tollbook prices show MODEL` prints one to start from.
    # price_books: [prices.yaml]

    # Forms of logs that are not built in. `tollbook dialects show NAME` prints one to start from.
    # dialects: [my-gateway.yaml]

    # What gateways charge on top of list prices: built-in terms (`tollbook terms list`), files, or here.
    # terms:
    #   - openrouter
    #   - gateway: my-gateway
    #     currency: USD
    #     rules:
    #       - markup_percent: "5"
    #       - match: {provider: openai, model: "gpt-5*"}
    #         markup_percent: "4"
    #         fixed_fee: "0.0001"
    #     rounding: {mode: half_up, scale: 6}

    # Rates for `tollbook report --currency EUR`: the European Central Bank's file, or one of your own.
    # fx: {table: eurofxref-hist.csv}

    # `tollbook check` judges these. `*` in a match stands for any text.
    budgets:
      - name: all
        amount: "1000"
        currency: USD
        period: month              # day, week, month
        basis: billed              # billed, list, reported
        warn: [50, 75, 90, 100]    # per cent; WARNING from 75, CRITICAL from 100
      # - name: search
      #   amount: "50"
      #   period: day
      #   match: {team: search, provider: [openai, anthropic], model: "gpt-*"}

    # The check is UNKNOWN when the newest request is older, or when less of the requests has a price.
    stale_after: 36h
    coverage_floor: "0.95"

    # The models that are open to somebody: unused expensive ones are reported.
    # Without this list, those of the price book are taken whose family your logs have seen.
    # models:
    #   - gpt-5-mini
    #   - model: gpt-5-pro
    #     provider: openai
    #     keys: ["prod-*"]
    #     configured_since: 2026-01-15
    #     daily_limit: "200"
    #     waiver: {owner: research, until: 2026-12-31}

    # What gateways say that they add to list prices, in per cent: what they really add is compared.
    # markup:
    #   declared_percent: {openrouter: "5.5"}

    # What hostile or broken logs may cost. What is beyond a limit is counted and told, never dropped.
    # limits:
    #   line_bytes: 16777216       # a longer line is rejected: too_long
    #   depth: 512                 # a record that is nested deeper: too_deep
    #   digits: 100                # a number that is used and has more: too_many_digits
    #   expansion: 1000            # decompressed bytes for each byte of an archive above 64 MiB
    #   label_values: 20000        # names of keys, teams, models, ... of a day; more count as (other)
    #   open_files: 256            # files that the program may have open at once; else `ulimit -n`
    #   time: 30m                  # `ingest` ends then, with 75, and goes on in its next run

    """
}
