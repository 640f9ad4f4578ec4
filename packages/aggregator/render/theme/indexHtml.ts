/**
 * The built-in page. The order of the text is the order of reading: planet, entries by day, subscriptions. It has no
 * script and asks no other server for anything but the pictures inside entries.
 */
export const INDEX_HTML = `<!doctype html>
<html lang="{{ language }}" dir="{{ dir }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="{{ generator }}">
<meta name="description" content="{{ name }}: {{ channels.size }} {% if channels.size == 1 %}blog{% else %}blogs{% endif %} on one page.">
<title>{{ name }}</title>
<link rel="stylesheet" href="base.css">
<link rel="stylesheet" href="planet.css">
<link rel="icon" href="favicon.ico">
<link rel="alternate" type="application/atom+xml" title="{{ name }} (Atom)" href="atom.xml">
<link rel="alternate" type="application/rss+xml" title="{{ name }} (RSS)" href="rss20.xml">
{%- if link != "" %}
<link rel="canonical" href="{{ link }}">
{%- endif %}
{%- if hub != "" %}
<link rel="hub" href="{{ hub }}">
{%- endif %}
</head>
<body class="h-feed">
<a class="skip" href="#entries">Skip to the entries</a>
<header class="masthead">
<div class="masthead-inner">
<a class="brand" href="{% if link != "" %}{{ link }}{% else %}index.html{% endif %}" rel="home">
{%- if logo == "none" %}
{%- elsif logo != "" %}
<img class="logo" src="{{ logo }}" alt="" height="44">
{%- else %}
<svg class="mark" viewBox="0 0 64 64" width="44" height="44" aria-hidden="true" focusable="false"><circle class="mark-globe" cx="32" cy="32" r="17"/><path class="mark-ring" d="M47.6 25.2c7 .6 11.800 2.700 12.300 5.600.9 4.900-11 10.700-26.600 13-15.600 2.200-29-.1-29.600-5-.4-2.900 3.400-6.100 9.700-8.700" fill="none" stroke-width="3.200" stroke-linecap="round"/><circle class="mark-moon" cx="55" cy="13" r="3.600"/></svg>
{%- endif %}
<h1 class="p-name">{{ name }}</h1>
</a>
<nav class="quick" aria-label="This page">
<a href="#subscriptions">Subscriptions</a>
<a class="pill" href="{{ feed }}" type="application/atom+xml">Follow by feed</a>
</nav>
</div>
</header>
<div class="columns">
<main id="entries" tabindex="-1">
{%- if items.size == 0 %}
<p class="empty">Nothing here yet. {% if channels.size == 0 %}No blogs are subscribed.{% else %}As soon as one of the subscribed blogs has an entry, it appears on this page.{% endif %}</p>
{%- endif %}
{%- for day in days %}
<section class="day">
<h2>{% if day.iso != "" %}<time datetime="{{ day.iso }}">{{ day.text }}</time>{% else %}{{ day.text }}{% endif %}</h2>
{%- for group in day.groups %}
<div class="group">
<div class="voice">
{%- if group.channel.face != "" %}
<img class="face" src="{{ group.channel.face }}" alt="" width="{{ group.channel.face_width }}" height="{{ group.channel.face_height }}">
{%- else %}
<span class="face initial tone-{{ group.channel.tone }}" aria-hidden="true">{{ group.channel.initial }}</span>
{%- endif %}
{%- if group.channel.link != "" %}
<a class="voice-name" href="{{ group.channel.link }}"><bdi>{{ group.channel.name }}</bdi></a>
{%- else %}
<span class="voice-name"><bdi>{{ group.channel.name }}</bdi></span>
{%- endif %}
</div>
{%- for item in group.items %}
<article class="entry h-entry{% if item.title == "" %} untitled{% endif %}"{% if item.language != "" %} lang="{{ item.language }}"{% endif %} dir="{{ item.dir }}"{% if item.title == "" %} aria-label="Entry by {{ item.author }}"{% endif %}>
{%- if item.title != "" %}
<h3 class="p-name">{% if item.link != "" %}<a class="u-url" href="{{ item.link }}"><bdi>{{ item.title_html | raw }}</bdi></a>{% else %}<bdi>{{ item.title_html | raw }}</bdi>{% endif %}</h3>
{%- endif %}
<p class="byline" lang="{{ language }}" dir="{{ dir }}">
{%- if item.author != group.channel.name %}<span class="p-author h-card"><bdi>{{ item.author }}</bdi></span>{% else %}<span class="p-author h-card same"><bdi>{{ item.author }}</bdi></span>{% endif %}
{%- if item.date %} {% if item.link != "" %}<a class="when{% if item.title == "" %} u-url{% endif %}" href="{{ item.link }}"><time class="dt-published" datetime="{{ item.date.iso }}">{{ item.date.text }}</time></a>{% else %}<time class="dt-published when" datetime="{{ item.date.iso }}">{{ item.date.text }}</time>{% endif %}{% elsif item.title == "" and item.link != "" %} <a class="when u-url" href="{{ item.link }}">Read at the source</a>{% endif -%}
{%- if item.source_title != "" %} <span class="via">from <bdi>{{ item.source_title }}</bdi></span>{% endif -%}
{%- if item.also_in.size > 0 %} <span class="via">also in <bdi>{{ item.also_in | join: ", " }}</bdi></span>{% endif -%}
</p>
<div class="content e-content">
{{ item.content_html | raw }}
</div>
{%- if item.enclosures.size > 0 or item.categories.size > 0 or item.comments != "" %}
<footer class="tail" lang="{{ language }}" dir="{{ dir }}">
{%- for enclosure in item.enclosures %}
<a class="enclosure" href="{{ enclosure.url }}" rel="nofollow ugc noopener">{{ enclosure.name }}{% if enclosure.type != "" %} <small>{{ enclosure.type }}</small>{% endif %}</a>
{%- endfor %}
{%- if item.categories.size > 0 %}
<ul class="topics" aria-label="Topics">{% for category in item.categories limit: 6 %}<li class="p-category"><bdi>{{ category }}</bdi></li>{% endfor %}</ul>
{%- endif %}
{%- if item.comments != "" %}
<a class="comments" href="{{ item.comments }}" rel="nofollow ugc noopener">Comments</a>
{%- endif %}
</footer>
{%- endif %}
</article>
{%- endfor %}
</div>
{%- endfor %}
</section>
{%- endfor %}
</main>
<aside id="subscriptions" aria-labelledby="subscriptions-title" tabindex="-1">
<h2 id="subscriptions-title">Subscriptions</h2>
<ul class="channels">
{%- for channel in channels %}
<li{% if channel.message != "" %} class="{{ channel.state }}"{% endif %}>
<span class="channel">{% if channel.link != "" %}<a href="{{ channel.link }}"><bdi>{{ channel.name }}</bdi></a>{% else %}<bdi>{{ channel.name }}</bdi>{% endif %}</span>
<a class="feed" href="{{ channel.url }}" aria-label="Feed of {{ channel.name }}">feed</a>
{%- if channel.message != "" %}
<span class="message">{{ channel.message }}</span>
{%- endif %}
</li>
{%- endfor %}
</ul>
<h2>Take it with you</h2>
<ul class="formats">
<li><a href="atom.xml" type="application/atom+xml">Atom</a></li>
<li><a href="rss20.xml" type="application/rss+xml">RSS</a></li>
<li><a href="opml.xml" type="text/x-opml">OPML</a></li>
</ul>
<p class="colophon">
{%- if last_updated %}Last updated <time datetime="{{ last_updated.iso }}">{{ last_updated.text }} UTC</time>.<br>{% endif -%}
{%- if owner_name != "" %}Kept by <bdi>{{ owner_name }}</bdi>. {% endif -%}
Every entry belongs to its author.</p>
</aside>
</div>
</body>
</html>
`;
