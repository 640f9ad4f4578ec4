/** Titles without texts, one line each: for scanning, and for the slowest connections. */
export const TITLES_ONLY_HTML = `<!doctype html>
<html lang="{{ language }}" dir="{{ dir }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{{ name }}: titles</title>
<link rel="stylesheet" href="base.css">
<link rel="stylesheet" href="planet.css">
<link rel="icon" href="favicon.ico">
</head>
<body class="h-feed titles-only">
<header class="masthead"><div class="masthead-inner"><a class="brand" href="index.html" rel="home"><h1 class="p-name">{{ name }}</h1></a></div></header>
<div class="columns">
<main>
{%- for day in days %}
<section class="day">
<h2>{% if day.iso != "" %}<time datetime="{{ day.iso }}">{{ day.text }}</time>{% else %}{{ day.text }}{% endif %}</h2>
<ul>
{%- for group in day.groups %}{% for item in group.items %}
<li class="h-entry"><bdi>{{ group.channel.name }}</bdi>: <a class="p-name u-url" href="{{ item.link }}"><bdi>{% if item.title != "" %}{{ item.title }}{% else %}{{ item.summary | truncate: 80 }}{% endif %}</bdi></a></li>
{%- endfor %}{% endfor %}
</ul>
</section>
{%- endfor %}
</main>
</div>
</body>
</html>
`;
